import { personId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'

import { createAlerts } from './alerts.ts'
import { createBundles } from './bundles.ts'
import { createCallerWorkflows } from './caller-workflows.ts'
import { createCalls } from './calls.ts'
import { createConsent } from './consent.ts'
import { createFollowUps } from './follow-ups.ts'
import { createInbound } from './inbound.ts'
import { createLateReplies } from './late-replies.ts'
import { createLedger } from './ledger.ts'
import { createNotifications } from './notifications.ts'
import { createPersonNames } from './person-names.ts'
import { createReplyGuard } from './reply-guard.ts'
import type { RedisConnection } from './script.ts'
import { createSignups } from './signups.ts'
import { createSubscriptions } from './subscriptions.ts'

export type Erasure = ReturnType<typeof createErasure>

/** Removes persons from every record and index. What remains is the opt-out, hashed. Jobs are the queue package's. */
export function createErasure(redis: RedisConnection) {
  const stores = {
    alerts: createAlerts(redis),
    bundles: createBundles(redis),
    callerWorkflows: createCallerWorkflows(redis),
    calls: createCalls(redis),
    consent: createConsent(redis),
    followUps: createFollowUps(redis),
    inbound: createInbound(redis),
    lateReplies: createLateReplies(redis),
    ledger: createLedger(redis),
    notifications: createNotifications(redis),
    personNames: createPersonNames(redis),
    replyGuard: createReplyGuard(redis),
    signups: createSignups(redis),
    subscriptions: createSubscriptions(redis),
  }
  return {
    /** Safe to run again. Returns how many records there were. */
    async erase(contacts: Contact[], topics: string[], now: number): Promise<number> {
      const people = Map.groupBy(contacts, personId)
      let records = 0
      for (const [person, own] of people) records += await erasePerson(person, own, topics, now, stores)
      return records
    },
  }
}

async function erasePerson(
  person: string,
  contacts: Contact[],
  topics: string[],
  now: number,
  stores: Stores,
): Promise<number> {
  // Consent first: from here on nothing is sent to whoever opted out, whatever else is gone already.
  await stores.consent.erase(person)
  await stores.personNames.set(person, undefined)
  for (const contact of contacts) {
    await stores.subscriptions.erase(contact, topics)
    await stores.replyGuard.erase(contact)
  }
  const { messages, alertIds } = await stores.ledger.erase(person, now)
  await stores.alerts.erase(contacts, alertIds)
  await stores.bundles.erase(contacts)
  await stores.lateReplies.erase(contacts)
  await stores.callerWorkflows.erase(contacts)
  await stores.inbound.erase(person, contacts, now)
  const counts = await Promise.all([
    stores.notifications.erase(person, contacts),
    stores.signups.erase(person, contacts),
    stores.followUps.erase(person),
    ...[...new Set(contacts.map(({ address }) => address))].map((address) => stores.calls.erase(address)),
  ])
  return counts.reduce((sum, count) => sum + count, messages)
}

interface Stores {
  alerts: ReturnType<typeof createAlerts>
  bundles: ReturnType<typeof createBundles>
  callerWorkflows: ReturnType<typeof createCallerWorkflows>
  calls: ReturnType<typeof createCalls>
  consent: ReturnType<typeof createConsent>
  followUps: ReturnType<typeof createFollowUps>
  inbound: ReturnType<typeof createInbound>
  lateReplies: ReturnType<typeof createLateReplies>
  ledger: ReturnType<typeof createLedger>
  notifications: ReturnType<typeof createNotifications>
  personNames: ReturnType<typeof createPersonNames>
  replyGuard: ReturnType<typeof createReplyGuard>
  signups: ReturnType<typeof createSignups>
  subscriptions: ReturnType<typeof createSubscriptions>
}
