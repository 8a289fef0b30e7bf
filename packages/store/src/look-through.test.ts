import { expect, test } from 'vitest'

import { lookThrough } from './look-through.ts'

const ids = Array.from({ length: 250 }, (_, index) => String(index))
const none = () => Promise.resolve(undefined)
const all = (id: string) => Promise.resolve(id)
const every = (divisor: number) => (id: string) => Promise.resolve(Number(id) % divisor === 0 ? id : undefined)

test.for([
  { what: 'nothing fits: all were looked at', limit: 5, read: none, found: [], looked: 250 },
  {
    what: 'as many as are wished: the next one is where to go on',
    limit: 3,
    read: all,
    found: ['0', '1', '2'],
    looked: 3,
  },
  { what: 'rare ones, from several batches', limit: 3, read: every(90), found: ['0', '90', '180'], looked: 181 },
  { what: 'fewer than wished', limit: 5, read: every(120), found: ['0', '120', '240'], looked: 250 },
  { what: 'the last of all is the last wished', limit: 250, read: all, found: ids, looked: 250 },
])('$what', async ({ limit, read, found, looked }) => {
  expect(await lookThrough(ids, limit, read)).toEqual({ found, looked })
})

test('records are asked for a hundred at a time', async () => {
  let asked = 0
  let most = 0
  await lookThrough(ids, 1, async () => {
    asked += 1
    most = Math.max(most, asked)
    await Promise.resolve()
    asked -= 1
    return undefined
  })
  expect(most).toBe(100)
})
