import { expect, it } from 'vitest'

import { createFrameQueue } from './frame-queue.ts'

const frame = (byte: number) => Buffer.from([byte])

it('gives frames back in order and drops the oldest when it is full', () => {
  const queue = createFrameQueue(2)
  expect([queue.push(frame(1), 0), queue.push(frame(2), 7), queue.push(frame(3), 0)]).toEqual([true, true, false])
  expect(queue.size).toBe(2)
  expect(queue.shift()).toEqual({ frame: frame(2), arrivedAt: 7 })
  expect(queue.shift()?.frame).toEqual(frame(3))
  expect(queue.shift()).toBeUndefined()
})

it('says how many frames it threw away', () => {
  const queue = createFrameQueue(5)
  queue.push(frame(1), 0)
  queue.push(frame(2), 0)
  expect(queue.clear()).toBe(2)
  expect(queue.size).toBe(0)
})
