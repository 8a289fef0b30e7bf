import fc from 'fast-check'
import { expect, it } from 'vitest'

import { budgetUsed, limits, limitsInForce, stopsFor } from './limits.ts'

it('has ends with a real account, none with the simulator, and those that are configured with both', () => {
  expect(limitsInForce({}, false)).toMatchObject({ messagesPerSenderPerDay: 10_000, callsPerNumberPerHour: 30 })
  expect(new Set(Object.values(limitsInForce({}, true)))).toEqual(new Set([Infinity]))
  const configured = limits.parse({ messagesPerSenderPerDay: 5, spendPerSenderPerDay: 'none' })
  for (const isSimulated of [true, false]) {
    const inForce = limitsInForce(configured, isSimulated)
    expect([inForce.messagesPerSenderPerDay, inForce.spendPerSenderPerDay]).toEqual([5, Infinity])
  }
})

it.each([
  [0.79, []],
  [0.8, ['feed']],
  [0.9, ['feed', 'notification']],
  [1, ['feed', 'notification', 'reply']],
  [50, ['feed', 'notification', 'reply']],
])('with %d of the budget used, %j stop', (used, stopped) => {
  expect((['feed', 'notification', 'reply', 'alert'] as const).filter((each) => stopsFor(each, used))).toEqual(stopped)
})

it('counts whichever is nearer to its end: messages or money', () => {
  const inForce = limitsInForce(limits.parse({ messagesPerSenderPerDay: 100, spendPerSenderPerDay: 10 }), false)
  expect(budgetUsed({ messages: 50, spend: 1 }, inForce)).toBe(0.5)
  expect(budgetUsed({ messages: 1, spend: 12 }, inForce)).toBe(1.2)
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (messages, spend) => {
      const off = limitsInForce({}, true)
      return budgetUsed({ messages, spend }, off) === 0
    }),
  )
})
