import { expect, it } from 'vitest'

import { createClock } from './clock.ts'

const HOUR_MS = 3_600_000

it.each([
  ['an hour behind', -HOUR_MS],
  ['an hour ahead', HOUR_MS],
  ['right', 0],
])('tells the time of Redis on a machine whose clock is %s', async (_, skewMs) => {
  const clock = createClock(() => Date.now() + skewMs)
  await clock.compare(async () => Date.now())
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(30)
  expect(Number.isInteger(clock.now())).toBe(true)
})

it('keeps its time when a slow answer says no more than that', async () => {
  const clock = createClock(Date.now)
  await clock.compare(async () => {
    const time = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 80))
    return time
  })
  expect(clock.behindMs()).toBe(0)
})

it('follows a machine whose clock is set while it runs', async () => {
  let skewMs = 0
  const clock = createClock(() => Date.now() + skewMs)
  await clock.compare(async () => Date.now())
  skewMs = HOUR_MS
  await clock.compare(async () => Date.now())
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(30)
  expect(Math.abs(clock.behindMs() + HOUR_MS)).toBeLessThan(30)
})
