import { expect, it } from 'vitest'

import { createBackoff } from './backoff.ts'

it.each([
  [1, 0, 250],
  [2, 0, 500],
  [5, 0, 4_000],
  [1, 1, 125],
  [3, 0.5, 750],
  [20, 0, 60_000],
  [20, 1, 30_000],
])('waits before try %i, at random %d, %i ms', (attempt, random, expected) => {
  expect(createBackoff({ attempts: 9, firstDelayMs: 250 }, () => random)(attempt)).toBe(expected)
})
