import { expect, test } from 'vitest'

import { createClock } from './clock.ts'
import { eventually } from './testing/eventually.ts'

test('steps run what falls due, in order, including what that starts', () => {
  const clock = createClock(1)
  clock.set({ paused: true })
  const ran: string[] = []
  clock.after(200, () => ran.push('second'))
  clock.after(100, () => {
    ran.push('first')
    clock.after(50, () => ran.push('nested'))
  })
  clock.after(100, () => ran.push('also first'))
  clock.after(1_000, () => ran.push('late'))
  const cancel = clock.after(10, () => ran.push('cancelled'))
  cancel()
  clock.step(500)
  expect(ran).toEqual(['first', 'also first', 'nested', 'second'])
})

test('speed shortens waiting, a pause stops it', async () => {
  const clock = createClock(1_000)
  const startedAt = Date.now()
  await new Promise<void>((resolve) => void clock.after(10_000, resolve))
  expect(Date.now() - startedAt).toBeLessThan(500)
  clock.set({ paused: true })
  let isRun = false
  clock.after(1, () => {
    isRun = true
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(isRun).toBe(false)
  clock.set({ paused: false })
  await eventually(() => isRun).toBe(true)
  clock.clear()
})

test('cleared, it shows the time of the wall again', () => {
  const clock = createClock(1, () => 5_000)
  clock.step(600_000)
  expect(clock.now()).toBe(605_000)
  clock.clear()
  expect(clock.now()).toBe(5_000)
})
