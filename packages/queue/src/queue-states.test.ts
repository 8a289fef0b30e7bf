import { expect, it } from 'vitest'

import { upToNow } from './queue-states.ts'

const metrics = { meta: { prevTS: 600_000 }, data: [5, 7] }

it.each([
  ['the minute after', 650_000, [5, 7]],
  ['the next one is not over', 719_999, [5, 7]],
  ['quiet for a while', 780_000, [0, 0, 5, 7]],
  ['quiet for an hour', 600_000 + 3_600_000, Array.from({ length: 30 }, () => 0)],
])('jobs per minute: %s', (_, now, expected) => {
  expect(upToNow(metrics, now)).toEqual(expected)
})

it('a queue without a past has no history', () => {
  expect(upToNow({ meta: { prevTS: 0 }, data: [] }, 1)).toEqual([])
})
