import { expect, it } from 'vitest'

import { createSweep } from './sweep.ts'

interface Item {
  dueAt?: number
  lacks?: boolean
}

/** Records `a`, `b`, …; those with a time are not settled. Reading one that is undefined fails. */
function createWorld(records: Record<string, Item | undefined>, standing: string[] = []) {
  const entered: string[] = []
  const errors: object[] = []
  let now = 1_000_000
  const sweep = createSweep<Item>({
    name: 'item',
    records: {
      scan: async function* () {
        for (const id of Object.keys(records)) {
          now += 10
          yield [id]
        }
      },
      get: async (id) => {
        if (!records[id]) throw new Error('not JSON')
        return records[id]
      },
      due: {
        positions: async (ids) => ids.map((id) => (standing.includes(id) ? 1 : undefined)),
        enter: async (id) => {
          entered.push(id)
          return undefined
        },
      },
    },
    lookAt: ({ dueAt }) => dueAt,
    isIncomplete: async ({ lacks }) => lacks === true,
    now: () => now,
    rest: async (ms) => void (now += ms),
    log: { warn: () => undefined, error: (fields) => void errors.push(fields) },
  })
  return { sweep, entered, errors, passes: (ms: number) => void (now += ms), now: () => now }
}

it('puts back what is not settled and has no place, and nothing else', async () => {
  const { sweep, entered, errors } = createWorld({ a: { dueAt: 5 }, bad: undefined, b: {}, c: { dueAt: 9 } }, ['c'])
  await sweep.run()
  expect(entered).toEqual(['a'])
  expect(errors).toHaveLength(1)
})

it('puts back a settled record whose world has lost something', async () => {
  const { sweep, entered } = createWorld({ a: { lacks: true }, b: {} })
  await sweep.run()
  expect(entered).toEqual(['a'])
})

it('pauses in proportion to what a round costs, and begins anew when it is told to', async () => {
  const { sweep, entered, passes } = createWorld({ a: { dueAt: 5 }, b: { dueAt: 6 } })
  await sweep.run()
  passes(700)
  await sweep.run()
  expect(entered).toHaveLength(2)
  sweep.again()
  await sweep.run()
  expect(entered).toHaveLength(4)
  passes(2_000)
  await sweep.run()
  expect(entered).toHaveLength(6)
})

it('works in slices, so that a service can stop, and never pauses for more than five minutes', async () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => [`r${index}`, { dueAt: 5 }])
  const { sweep, entered, passes } = createWorld(Object.fromEntries(ids))
  await sweep.run()
  expect(entered).toHaveLength(40)
  while (entered.length < 10_000) await sweep.run()
  // The run that finds the end.
  await sweep.run()
  passes(300_000)
  await sweep.run()
  expect(entered.length).toBeGreaterThan(10_000)
})
