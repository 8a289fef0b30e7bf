import { defineQueue } from '../define-queue.ts'
import { derivedId } from '../ids.ts'
import { inboundMessage as schema } from '../inbound-message.ts'

const DAY_SECONDS = 86_400

export const inboundMessageQueue = defineQueue({
  name: 'inbound-message',
  workedBy: 'inbound-router',
  schema,
  jobId: (message) => derivedId('in', message.id, message.part?.number ?? 0),
  retry: { attempts: 20, firstDelayMs: 1_000 },
  // Vonage retries a webhook for 24 hours.
  keepCompletedSeconds: DAY_SECONDS,
})
