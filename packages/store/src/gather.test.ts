import { expect, it } from 'vitest'

import { gather } from './gather.ts'

it('does together what is asked for in one turn, and answers each', async () => {
  const groups: number[][] = []
  const double = gather(async (items: number[]) => {
    groups.push(items)
    return items.map((item) => item * 2)
  })
  const later = Promise.resolve()
    .then(() => undefined)
    .then(() => double(3))
  expect(await Promise.all([double(1), double(2), later])).toEqual([2, 4, 6])
  expect(await double(4)).toBe(8)
  expect(groups).toEqual([[1, 2, 3], [4]])
})

it('tells everybody what went wrong, and begins anew', async () => {
  let failures = 1
  const answer = gather(async (items: number[]) => {
    if (failures-- > 0) throw new Error('Redis is away')
    return items
  })
  const both = await Promise.allSettled([answer(1), answer(2)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await answer(3)).toBe(3)
})
