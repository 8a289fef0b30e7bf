import { channel, channels, contactId, endOfAddress, isPhoneChannel } from '@switchboard/contracts'
import type { AlertChannel, Contact, SwitchboardConfig } from '@switchboard/contracts'
import { currentConsent, stateOfNotification } from '@switchboard/store'
import type { LedgerRecord } from '@switchboard/store'

import { summariseAlert } from './alert-summary.ts'
import type { Stores } from './route-deps.ts'

const SHOWN = 50

export interface Person {
  id: string
  address: string
  contacts: Contact[]
}

/** Which policies ask for them, under which name. */
export function placesOf(
  { contacts }: Person,
  policies: SwitchboardConfig['policies'],
): { policy: string; name: string }[] {
  const theirs = new Set(contacts.map(contactId))
  return Object.entries(policies).flatMap(([policy, { users }]) =>
    users
      .filter(({ channels: ways }) => ways.some(({ type, id_num: address }) => isTheirs(theirs, type, address)))
      .map(({ name }) => ({ policy, name })),
  )
}

function isTheirs(theirs: Set<string>, type: AlertChannel, address: string): boolean {
  // Whoever is called can be written to.
  return theirs.has(contactId({ channel: type === 'voice' ? 'sms' : type, address }))
}

/** `tel.447…` or `messenger.…`, as consent is kept; undefined when it is neither. */
export function readPersonId(id: string): Person | undefined {
  const dot = id.indexOf('.')
  const [kind, address] = [id.slice(0, dot), id.slice(dot + 1)]
  if (address === '' || address.length > 100) return undefined
  const on = channel.safeParse(kind).data
  if (on && !isPhoneChannel(on)) return { id, address, contacts: [{ channel: on, address }] }
  if (kind !== 'tel' || !/^\d{7,15}$/.test(address)) return undefined
  return { id, address, contacts: channels.filter(isPhoneChannel).map((channel) => ({ channel, address })) }
}

/** The trail outlives the person's data: it names the end of the address only. */
export function nameInTrail({ id, address }: Person): string {
  return `${id.split('.')[0]} ${endOfAddress(address)}`
}

/** Everything about one person, the newest of each kind. */
export async function lookAtPerson({ id, address, contacts }: Person, stores: Stores, now: number) {
  const newest = (kind: Parameters<typeof stores.people.newest>[1]) => stores.people.newest(id, kind, SHOWN, now)
  const [name, record, isOptedOut, perContact, messageIds, feedIds, notificationIds, followUpIds, inboundIds, calls] =
    await Promise.all([
      stores.personNames.get(id),
      stores.consent.get(id),
      stores.consent.isOptedOut(id),
      Promise.all(contacts.map((contact) => lookAtContact(contact, stores))),
      newest('message'),
      newest('feed'),
      newest('notification'),
      newest('follow-up'),
      newest('inbound'),
      stores.calls.from(address, SHOWN),
    ])
  const [messages, notifications, followUps, inbound, alerts] = await Promise.all([
    getAll([...messageIds, ...feedIds], stores.ledger.get),
    getAll(notificationIds, stores.notifications.get),
    getAll(followUpIds, stores.followUps.get),
    getAll(inboundIds, stores.inbound.get),
    getAll([...new Set(perContact.flatMap(({ alertIds }) => alertIds))], (alertId) =>
      summariseAlert(alertId, stores.alerts),
    ),
  ])
  return {
    id,
    address,
    name,
    consent: { state: currentConsent(record), isOptedOut, history: record?.history.toReversed() ?? [] },
    contacts: perContact,
    alerts: alerts.map(({ value }) => value),
    messages: newestFirst(messages),
    notifications: notifications.map(({ value }) => ({ ...value, state: stateOfNotification(value, now) })),
    inbound: inbound.map(({ value }) => value).toSorted((a, b) => b.receivedAt - a.receivedAt),
    followUps: followUps.map(({ value }) => value),
    calls,
  }
}

async function lookAtContact(contact: Contact, { subscriptions, alerts, inbound, signups }: Stores) {
  const [subscription, alertIds, isWindowOpen, signup] = await Promise.all([
    subscriptions.get(contact),
    alerts.alertsOf(contact),
    inbound.isWindowOpen(contact),
    signups.newestOf(contact),
  ])
  return { contact, subscription, alertIds: alertIds.slice(0, SHOWN), isWindowOpen, signup }
}

async function getAll<Value>(
  ids: string[],
  get: (id: string) => Promise<Value | undefined>,
): Promise<{ id: string; value: Value }[]> {
  const found = await Promise.all(ids.map(async (id) => ({ id, value: await get(id) })))
  return found.flatMap(({ id, value }) => (value === undefined ? [] : [{ id, value }]))
}

function newestFirst(messages: { id: string; value: LedgerRecord }[]): (LedgerRecord & { id: string })[] {
  return messages.map(({ id, value }) => ({ ...value, id })).toSorted((a, b) => b.createdAt - a.createdAt)
}
