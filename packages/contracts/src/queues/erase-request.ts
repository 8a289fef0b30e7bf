import { defineQueue } from '../define-queue.ts'
import { eraseRequest } from '../erase-request.ts'
import { derivedId } from '../ids.ts'

export const eraseRequestQueue = defineQueue({
  name: 'erase-request',
  workedBy: 'inbound-router',
  schema: eraseRequest,
  jobId: (request) => derivedId('erase', request.id, request.round),
  retry: { attempts: 20, firstDelayMs: 1_000 },
  // The request names the person: it goes as soon as it is done.
  keepCompletedSeconds: 1,
})
