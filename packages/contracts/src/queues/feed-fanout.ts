import { defineQueue } from '../define-queue.ts'
import { feedFanout } from '../feed.ts'
import { derivedId } from '../ids.ts'

export const feedFanoutQueue = defineQueue({
  name: 'feed-fanout',
  schema: feedFanout,
  jobId: ({ topic, tick, after, isSecondHalf }) =>
    derivedId('fan', topic, tick, after, ...(isSecondHalf ? ['second'] : [])),
  retry: { attempts: 5, firstDelayMs: 200 },
  keepCompletedSeconds: 600,
})
