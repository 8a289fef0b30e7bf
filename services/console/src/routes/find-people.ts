import { inboundMessageQueue, personId } from '@switchboard/contracts'
import type { SwitchboardConfig } from '@switchboard/contracts'
import type { Jobs } from '@switchboard/queue'

import type { RouteDeps, Stores } from './route-deps.ts'

/** How many of those who said something about consent, of notifications and of messages in and out are looked through, the newest. */
const LOOKED_AT = 1_000
const SHOWN = 20

/** The end of a number as people remember it: "123", "…0123". */
export function lastDigits(q: string): string | undefined {
  return /^\W*(?<digits>\d{3,9})$/.exec(q.replaceAll(/[\s().-]/g, ''))?.groups?.['digits']
}

/** Ids of persons whose name has these words, or whose number ends like that, wherever they are known from. */
export async function findPeople(
  q: string,
  { stores, settings, jobs, now }: Pick<RouteDeps, 'stores' | 'settings' | 'jobs' | 'now'>,
): Promise<string[]> {
  const words = q.toLowerCase()
  const digits = lastDigits(q)
  const endsSo = (id: string) => digits !== undefined && id.endsWith(digits)
  const [named, known, wrote] = await Promise.all([
    stores.personNames.find(({ personId: id, name }) => name.toLowerCase().includes(words) || endsSo(id), SHOWN),
    digits === undefined ? [] : knownPeople(stores, now()),
    digits === undefined ? [] : peopleWhoWrote(jobs),
  ])
  const onCall = peopleOnCall(settings).filter(({ id, name }) => name.toLowerCase().includes(words) || endsSo(id))
  const ids = [
    ...named.map(({ personId: id }) => id),
    ...onCall.map(({ id }) => id),
    ...[...wrote, ...known].filter(endsSo),
  ]
  return [...new Set(ids)].slice(0, SHOWN)
}

async function knownPeople({ consent, notifications, traffic, ledger }: Stores, now: number): Promise<string[]> {
  const [consents, notificationIds, messageIds] = await Promise.all([
    consent.page(0, LOOKED_AT),
    notifications.recent(now + 1, 0, LOOKED_AT),
    traffic.recentMessages(0, LOOKED_AT),
  ])
  const [asked, sent] = await Promise.all([
    Promise.all(notificationIds.map((id) => notifications.get(id))),
    Promise.all(messageIds.map((id) => ledger.get(id))),
  ])
  return [
    ...consents.map(({ personId: id }) => id),
    ...asked.flatMap((each) => (each ? [personId(each.contact)] : [])),
    ...sent.flatMap((each) => (each ? [personId({ channel: each.channel, address: each.to })] : [])),
  ]
}

/** Also whoever wrote a moment ago, answered or not. */
async function peopleWhoWrote(jobs: Pick<Jobs, 'newest'>): Promise<string[]> {
  const messages = await jobs.newest(inboundMessageQueue, LOOKED_AT)
  return messages.map(({ channel, from }) => personId({ channel, address: from }))
}

function peopleOnCall({ policies }: SwitchboardConfig): { id: string; name: string }[] {
  return Object.values(policies).flatMap(({ users }) =>
    users.flatMap(({ name, channels }) =>
      channels.map(({ type, id_num: address }) => ({ id: personId({ channel: type, address }), name })),
    ),
  )
}
