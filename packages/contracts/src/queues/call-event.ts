import { callEvent } from '../call-event.ts'
import { defineQueue } from '../define-queue.ts'
import { derivedId } from '../ids.ts'

export const callEventQueue = defineQueue({
  name: 'call-event',
  workedBy: 'outbound',
  schema: callEvent,
  jobId: (event) => derivedId('call', event.uuid ?? event.conversationUuid ?? '', event.status, event.at),
  retry: { attempts: 20, firstDelayMs: 1_000 },
})
