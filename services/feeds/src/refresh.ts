import { own } from '@switchboard/contracts'
import type { Feed, FeedRefresh, Log } from '@switchboard/contracts'
import type { JobContext } from '@switchboard/queue'
import type { FeedValues } from '@switchboard/store'

import type { TickWorkflow } from './tick-workflow.ts'
import { decideTick } from './tick.ts'

export interface RefreshDeps {
  feeds: Record<string, Feed>
  feedValues: Pick<FeedValues, 'get'>
  readSource: (feed: Feed, previous: string | undefined, topic: string) => Promise<string | undefined>
  workflow: Pick<TickWorkflow, 'move'>
  log: Log
}

/** Handles a topic's tick, or an update that was pushed: it becomes the topic's value, unless a newer one is. */
export function createRefresh({ feeds, feedValues, readSource, workflow, log }: RefreshDeps) {
  return async ({ topic, update }: FeedRefresh, { dueAt }: Pick<JobContext, 'dueAt'>): Promise<void> => {
    const feed = own(feeds, topic)
    if (!feed) {
      log.info({ topic }, 'feed.unknown-topic')
      return
    }
    const tick = update?.at ?? dueAt
    const value = update?.value ?? (await readSource(feed, (await feedValues.get(topic))?.value, topic))
    if (value === undefined) return
    const { after } = await workflow.move(topic, (current) => decideTick(current, { tick, value }), undefined)
    if (after?.tick !== tick) log.info({ topic, tick }, 'feed.stale-tick')
  }
}
