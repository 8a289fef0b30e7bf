import { defineQueue } from '../define-queue.ts'
import { feedRefresh } from '../feed.ts'
import { derivedId } from '../ids.ts'

/** Scheduled jobs are named by their scheduler; this id is for an update that was pushed. */
export const feedRefreshQueue = defineQueue({
  name: 'feed-refresh',
  workedBy: 'feeds',
  schema: feedRefresh,
  jobId: (refresh) => derivedId('push', refresh.topic, refresh.update?.id ?? ''),
  // Of a pushed update: nobody pushes it again. A scheduled refresh is not tried again, the next tick is.
  retry: { attempts: 20, firstDelayMs: 500 },
  keepCompletedSeconds: 60,
})
