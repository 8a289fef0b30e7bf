import { expect, it } from 'vitest'

import { historyOf } from './depth-history.ts'

const MINUTE = 60_000
const now = 2_000 * 900_000 + 5 * MINUTE
const at = (minutesAgo: number, waiting: number, oldestSeconds: number) => ({
  at: now - minutesAgo * MINUTE,
  queues: new Map(waiting > 0 ? [['outbound-sms', { waiting, oldestSeconds }]] : []),
})

it('keeps the most of each quarter of an hour, and says where nobody looked', () => {
  const samples = [at(24 * 60, 99, 99), at(40, 9, 5), at(39, 3, 60), at(10, 0, 0), at(1, 4, 2)]
  const { quarters, deepest, longest } = historyOf('outbound-sms', samples, now)
  expect(quarters).toHaveLength(96)
  expect(quarters.map(({ waiting }) => waiting).slice(-4)).toEqual([9, undefined, 0, 4])
  expect(quarters.slice(0, -4).every(({ waiting }) => waiting === undefined)).toBe(true)
  expect(deepest).toEqual({ at: now - 50 * MINUTE, waiting: 9, oldestSeconds: 60 })
  expect(longest).toEqual(deepest)
})

it('of a queue in which nothing waited nothing is deepest', () => {
  expect(historyOf('feeds', [at(1, 4, 2)], now)).toMatchObject({ deepest: undefined, longest: undefined })
})
