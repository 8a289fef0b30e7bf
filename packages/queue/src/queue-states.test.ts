import { expect, it } from 'vitest'

import { lastMinute } from './queue-states.ts'

it.each([
  ['the minute after', 600_000, [5, 7], 650_000, 5],
  ['the next one is not over', 600_000, [5, 7], 719_999, 5],
  ['quiet for a while', 600_000, [5, 7], 780_000, 0],
  ['quiet for an hour', 600_000, [5, 7], 600_000 + 3_600_000, 0],
  ['without a past', 0, [], 1, 0],
])('jobs in the last full minute: %s', (_, prevTS, data, now, expected) => {
  expect(lastMinute({ meta: { prevTS }, data }, now)).toEqual(expected)
})
