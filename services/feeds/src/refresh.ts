import { fillText } from '@switchboard/contracts'
import type { Feed, FeedFanout, FeedRefresh } from '@switchboard/contracts'
import type { JobContext } from '@switchboard/queue'
import type { FeedValues } from '@switchboard/store'

export interface RefreshDeps {
  feeds: Record<string, Feed>
  feedValues: Pick<FeedValues, 'get' | 'record'>
  readSource: (feed: Feed, previous: string | undefined) => Promise<string | undefined>
  fanOut: { enqueue(page: FeedFanout): Promise<void> }
  now: () => number
  log: { info: (fields: object, event: string) => void }
}

/** Handles a topic's tick: its next value, made once, begins a fan-out. */
export function createRefresh(deps: RefreshDeps) {
  return async ({ topic, update }: FeedRefresh, { dueAt }: Pick<JobContext, 'dueAt'>): Promise<void> => {
    const feed = deps.feeds[topic]
    if (!feed) {
      deps.log.info({ topic }, 'feed.unknown-topic')
      return
    }
    const tick = update?.at ?? dueAt
    const value = update?.value ?? (await deps.readSource(feed, (await deps.feedValues.get(topic))?.value))
    if (value === undefined) return
    const recorded = await deps.feedValues.record(topic, tick, value)
    if (recorded.kind === 'stale') {
      deps.log.info({ topic, tick }, 'feed.stale-tick')
      return
    }
    await deps.fanOut.enqueue({
      topic,
      tick,
      text: fillText(feed.text, { topic, value: recorded.value }),
      after: '',
      createdAt: deps.now(),
      expiresAt: tick + feed.everySeconds * 1_000,
    })
  }
}
