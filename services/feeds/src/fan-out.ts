import { parseContactId } from '@switchboard/contracts'
import type {
  Contact,
  Enqueue,
  Feed,
  FeedFanout,
  HeldFeed,
  Log,
  MessagePack,
  OutboundMessage,
  SubscriberPage,
} from '@switchboard/contracts'
import type { Remember } from '@switchboard/queue'
import type { Subscriptions } from '@switchboard/store'

import { feedMessage, feedPacks } from './feed-message.ts'
import type { QuietUntil } from './quiet-until.ts'

const PAGE_SIZE = 500

export interface FanOutDeps {
  subscriptions: Pick<Subscriptions, 'page' | 'placeAt'>
  feeds: Record<string, Feed>
  quietUntil: QuietUntil
  hold: { enqueue(held: HeldFeed, options: { delayMs: number }): Promise<void> }
  sendMany: (messages: OutboundMessage[]) => Promise<void>
  sendPacks: (packs: MessagePack[]) => Promise<void>
  nextPage: Enqueue<FeedFanout>
  now: () => number
  log: Log<'info' | 'warn'>
  countDropped: (topic: string) => void
}

/**
 * Handles one page of subscribers. The ids of messages, packs and pages follow from topic, tick and contact, so a page
 * that is run again after a crash adds nothing twice.
 */
export function createFanOut(deps: FanOutDeps) {
  const { subscriptions, nextPage, now, log, countDropped } = deps
  return async (page: FeedFanout, { remember }: Remember<FeedFanout>): Promise<void> => {
    if (now() >= page.expiresAt) {
      countDropped(page.topic)
      log.info({ topic: page.topic, tick: page.tick }, 'fan-out.stale')
      return
    }
    const { found, ...place } = page
    // Others may come and go until it is run again, and who is in which pack shall not change by that.
    const kept = found ? page : await remember({ ...page, found: await readPage(page, subscriptions) })
    if (!kept.found) throw new Error(`The page of ${page.topic} was changed by somebody else`)
    const { ids, next } = kept.found
    // The next page may begin while this one is written: other replicas help.
    if (next) await nextPage.enqueue({ ...place, ...next })
    const contacts = ids.flatMap((id) => readContact(id) ?? [])
    // An entry that is no contact must not cost the others their update.
    const invalid = ids.length - contacts.length
    if (invalid > 0) log.warn({ topic: page.topic, invalid }, 'fan-out.invalid-subscribers')
    const held = await send(contacts, page, deps)
    if (ids.length === 0) return
    log.info({ topic: page.topic, tick: page.tick, contacts: contacts.length - held, held }, 'fan-out.page')
  }
}

/**
 * Resolves to how many wait for the end of their quiet hours. Where there are such hours everybody has a message of their
 * own, because its id says whether the end of the hours has sent it, or this page.
 */
async function send(contacts: Contact[], page: FeedFanout, deps: FanOutDeps): Promise<number> {
  const feed = deps.feeds[page.topic]
  if (!feed?.quietHours) {
    await deps.sendPacks(feedPacks(contacts, page, feed))
    return 0
  }
  const awake = await holdQuiet(contacts, page, deps)
  await deps.sendMany(awake.map((contact) => feedMessage(contact, page, feed)))
  return contacts.length - awake.length
}

/**
 * The people of a page, and the page after it. A topic of many pages begins at another place each tick: when the next
 * update comes before all are reached, it is not always the same who are left out.
 */
async function readPage(page: FeedFanout, subscriptions: FanOutDeps['subscriptions']): Promise<SubscriberPage> {
  const first = await subscriptions.page(page.topic, page.after, PAGE_SIZE)
  const isWhole = page.start === undefined && page.after === '' && first.length === PAGE_SIZE
  const start = isWhole ? await subscriptions.placeAt(page.topic, shareOf(page.tick)) : page.start
  const ids = isWhole && start !== undefined ? await subscriptions.page(page.topic, start, PAGE_SIZE) : first
  const mine = page.isSecondHalf && start !== undefined ? ids.filter((id) => id <= start) : ids
  const last = mine.at(-1)
  const begun = { isSecondHalf: page.isSecondHalf, ...(start === undefined ? {} : { start }) }
  if (last !== undefined && mine.length === PAGE_SIZE) return { ids: mine, next: { ...begun, after: last } }
  const isHalf = start !== undefined && !page.isSecondHalf
  return isHalf ? { ids: mine, next: { ...begun, after: '', isSecondHalf: true } } : { ids: mine }
}

/** Consecutive ticks lie as far apart as they can. */
function shareOf(tick: number): number {
  return (Math.floor(tick / 1_000) * GOLDEN) % 1
}
const GOLDEN = 0.618_033_988_75

/** Who is in quiet hours gets the newest update when they end: one job, however many updates come until then. */
async function holdQuiet(contacts: Contact[], { topic }: FeedFanout, deps: FanOutDeps): Promise<Contact[]> {
  const hours = deps.feeds[topic]?.quietHours
  if (!hours) return contacts
  const now = deps.now()
  const untils = contacts.map((contact) => ({ contact, until: deps.quietUntil(contact, hours, now) }))
  const held = untils.flatMap(({ contact, until }) => (until === undefined ? [] : [{ topic, contact, until }]))
  await Promise.all(held.map((each) => deps.hold.enqueue(each, { delayMs: each.until - now })))
  return untils.flatMap(({ contact, until }) => (until === undefined ? [contact] : []))
}

function readContact(id: string): Contact | undefined {
  try {
    return parseContactId(id)
  } catch {
    return undefined
  }
}
