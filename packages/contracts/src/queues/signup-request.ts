import { defineQueue } from '../define-queue.ts'
import { derivedId } from '../ids.ts'
import { signupRequest } from '../signup.ts'

export const signupRequestQueue = defineQueue({
  name: 'signup-request',
  workedBy: 'subscriptions',
  schema: signupRequest,
  jobId: (request) =>
    request.kind === 'ask' ? request.id : derivedId('answer', request.signupId, request.answer, request.at),
  retry: { attempts: 20, firstDelayMs: 1_000 },
})
