import { contactId } from '../contact.ts'
import { defineQueue } from '../define-queue.ts'
import { heldFeed } from '../feed.ts'
import { derivedId } from '../ids.ts'

/** Delayed: sends a contact the newest update of a topic when its quiet hours end. */
export const heldFeedQueue = defineQueue({
  name: 'held-feed',
  workedBy: 'feeds',
  schema: heldFeed,
  jobId: (held) => derivedId('held', held.topic, held.until, `:${contactId(held.contact)}`),
  retry: { attempts: 5, firstDelayMs: 1_000 },
  keepCompletedSeconds: 60,
})
