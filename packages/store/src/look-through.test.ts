import { expect, test } from 'vitest'

import { lookThrough } from './look-through.ts'

const ids = Array.from({ length: 250 }, (_, index) => String(index))
const page = async (offset: number, limit: number) => ids.slice(offset, offset + limit)
const none = async () => undefined
const all = async (id: string) => id
const every = (divisor: number) => async (id: string) => (Number(id) % divisor === 0 ? id : undefined)

test.for([
  { what: 'nothing fits', limit: 5, read: none, found: [], next: undefined },
  { what: 'the next one is where to go on', limit: 3, read: all, found: ['0', '1', '2'], next: 3 },
  { what: 'rare ones, from several batches', limit: 3, read: every(90), found: ['0', '90', '180'], next: 181 },
  { what: 'fewer than wished', limit: 5, read: every(120), found: ['0', '120', '240'], next: undefined },
  { what: 'as many as there are', limit: 250, read: all, found: ids, next: undefined },
  { what: 'a whole batch', limit: 100, read: all, found: ids.slice(0, 100), next: 100 },
  { what: 'from where it was', from: 200, limit: 2, read: all, found: ['200', '201'], next: 202 },
  { what: 'no further than it may', atMost: 200, limit: 5, read: every(240), found: ['0'], next: 200 },
])('$what', async ({ from = 0, limit, atMost = 500, read, found, next }) => {
  expect(await lookThrough(page, read, { from, limit, atMost })).toEqual({ found, next })
})

test('records are asked for a hundred at a time', async () => {
  let asked = 0
  let most = 0
  const read = async () => {
    asked += 1
    most = Math.max(most, asked)
    await Promise.resolve()
    asked -= 1
    return undefined
  }
  await lookThrough(page, read, { from: 0, limit: 1, atMost: 500 })
  expect(most).toBe(100)
})
