import { expect, it } from 'vitest'

import { coalesce } from './coalesce.ts'

function recorder(fail = false) {
  const batches: number[][] = []
  const add = coalesce(async (items: number[]) => {
    batches.push([...items])
    if (fail) throw new Error('Redis is away')
  })
  return { add, batches }
}

it('adds together what comes together, and what comes later by itself', async () => {
  const { add, batches } = recorder()
  await Promise.all([add(1), add(2), add(3)])
  await add(4)
  expect(batches).toEqual([[1, 2, 3], [4]])
})

it('resolves for nobody before all of a batch is added, and fails for all of it', async () => {
  const { add, batches } = recorder(true)
  const results = await Promise.allSettled([add(1), add(2)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(add(3)).rejects.toThrow('Redis is away')
  expect(batches).toEqual([[1, 2], [3]])
})

it('never makes a batch of more than 200', async () => {
  const { add, batches } = recorder()
  await Promise.all(Array.from({ length: 450 }, (_, index) => add(index)))
  expect(batches.map(({ length }) => length)).toEqual([200, 200, 50])
  expect(batches.flat()).toEqual(Array.from({ length: 450 }, (_, index) => index))
})
