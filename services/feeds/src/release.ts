import { fillText } from '@switchboard/contracts'
import type { Feed, HeldFeed, Log, OutboundMessage } from '@switchboard/contracts'
import type { FeedValues, Subscriptions } from '@switchboard/store'

import { feedMessage } from './feed-message.ts'
import type { QuietUntil } from './quiet-until.ts'

export interface ReleaseDeps {
  feeds: Record<string, Feed>
  feedValues: Pick<FeedValues, 'get'>
  subscriptions: Pick<Subscriptions, 'isSubscribed'>
  quietUntil: QuietUntil
  hold: { enqueue(held: HeldFeed, options: { delayMs: number }): Promise<void> }
  send: (message: OutboundMessage) => Promise<void>
  now: () => number
  log: Log
}

/** A clock may be a little behind: the end that this job was made for has come. */
const TOLERANCE_MS = 5_000

/** Handles the end of a contact's quiet hours: the newest update goes out, the others were overtaken. */
export function createRelease(deps: ReleaseDeps) {
  return async ({ topic, contact }: HeldFeed): Promise<void> => {
    const feed = deps.feeds[topic]
    const now = deps.now()
    if (!feed || !(await deps.subscriptions.isSubscribed(contact, topic))) return
    // A change of the clocks may have moved the end, and other zones of a large country may still sleep.
    const until = feed.quietHours && deps.quietUntil(contact, feed.quietHours, now + TOLERANCE_MS)
    if (until !== undefined) {
      await deps.hold.enqueue({ topic, contact, until }, { delayMs: until - now })
      return
    }
    const newest = await deps.feedValues.get(topic)
    if (!newest) return
    const { tick, value } = newest
    const expiresAt = now + feed.everySeconds * 1_000
    const text = fillText(feed.text, { topic, value })
    await deps.send(feedMessage(contact, { topic, tick, text, createdAt: now, expiresAt }, feed))
    deps.log.info({ topic, tick }, 'feed.released')
  }
}
