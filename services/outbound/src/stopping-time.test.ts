import { STOP_LIMIT_MS } from '@switchboard/runtime'
import { LONGEST_REQUEST_MS } from '@switchboard/vonage'
import { expect, it } from 'vitest'

it('a service that stops waits for longer than the longest send, and for what is written down after it', () => {
  expect(STOP_LIMIT_MS - LONGEST_REQUEST_MS).toBeGreaterThanOrEqual(5_000)
})
