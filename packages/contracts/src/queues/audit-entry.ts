import { auditEntry } from '../audit-entry.ts'
import { defineQueue } from '../define-queue.ts'
import { derivedId } from '../ids.ts'

export const auditEntryQueue = defineQueue({
  name: 'audit-entry',
  workedBy: 'console',
  schema: auditEntry,
  jobId: ({ id }) => derivedId('audit', id),
  // Nothing else depends on it, and it must not be lost: about a day.
  retry: { attempts: 1_500, firstDelayMs: 1_000 },
  // The chain knows what it holds.
  keepCompletedSeconds: 60,
})
