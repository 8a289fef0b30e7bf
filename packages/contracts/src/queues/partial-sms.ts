import { defineQueue } from '../define-queue.ts'
import { derivedId } from '../ids.ts'
import { inboundMessage } from '../inbound-message.ts'

/** Delayed: routes what has come of a long SMS when its missing parts are overdue. The payload is any of its parts. */
export const partialSmsQueue = defineQueue({
  name: 'partial-sms',
  workedBy: 'inbound-router',
  schema: inboundMessage,
  jobId: (part) => derivedId('partial', part.id, part.part?.number ?? 0),
  retry: { attempts: 20, firstDelayMs: 1_000 },
})
