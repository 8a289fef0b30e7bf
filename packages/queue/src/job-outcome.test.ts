import { PermanentError, PostponedError, RateLimitedError } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { classifyFailure } from './job-outcome.ts'

class RefusedByProvider extends PermanentError {}

it.each([
  [new PermanentError('no such number'), { kind: 'permanent', reason: 'no such number' }],
  [new RefusedByProvider('no credit'), { kind: 'permanent', reason: 'no credit' }],
  [new RateLimitedError('slow down', 1_500.2), { kind: 'rate-limited', retryAfterMs: 1_501 }],
  [new PostponedError('not yet', 59.5), { kind: 'postponed', delayMs: 60 }],
  [new RateLimitedError('slow down', 0), { kind: 'rate-limited', retryAfterMs: 1 }],
  [new Error('connection reset'), { kind: 'retry' }],
  ['a string', { kind: 'retry' }],
  [undefined, { kind: 'retry' }],
])('%s ends a job as %o', (error, expected) => expect(classifyFailure(error)).toEqual(expected))
