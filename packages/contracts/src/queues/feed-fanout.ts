import { defineQueue } from '../define-queue.ts'
import { feedFanout } from '../feed.ts'
import { derivedId } from '../ids.ts'

export const feedFanoutQueue = defineQueue({
  name: 'feed-fanout',
  schema: feedFanout,
  jobId: (page) => derivedId('fan', page.topic, page.tick, page.after),
  retry: { attempts: 5, firstDelayMs: 200 },
  keepCompletedSeconds: 600,
})
