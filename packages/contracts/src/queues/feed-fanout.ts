import { defineQueue } from '../define-queue.ts'
import { feedFanout } from '../feed.ts'
import { derivedId } from '../ids.ts'

/** A page begins after a contact, whose address is not for logs and traces: a colon makes a hash of the id. */
const hidden = (after: string) => (after === '' ? '' : `:${after}`)

export const feedFanoutQueue = defineQueue({
  name: 'feed-fanout',
  workedBy: 'feeds',
  schema: feedFanout,
  jobId: ({ topic, tick, after, isSecondHalf }) =>
    derivedId('fan', topic, tick, hidden(after), ...(isSecondHalf ? ['second'] : [])),
  retry: { attempts: 5, firstDelayMs: 200 },
  keepCompletedSeconds: 600,
})
