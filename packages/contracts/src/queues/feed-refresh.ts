import { defineQueue } from '../define-queue.ts'
import { feedRefresh } from '../feed.ts'
import { derivedId } from '../ids.ts'

/** Jobs come from a scheduler per topic, which names them itself; this id is for a refresh asked for by hand. */
export const feedRefreshQueue = defineQueue({
  name: 'feed-refresh',
  schema: feedRefresh,
  jobId: (refresh) => derivedId('refresh', refresh.topic),
  // A failed refresh is not tried again: the next tick is.
  retry: { attempts: 1, firstDelayMs: 0 },
  keepCompletedSeconds: 60,
})
