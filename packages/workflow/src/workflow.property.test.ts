import fc from 'fast-check'
import { expect, it } from 'vitest'

import type { DueSet, WorkflowRecords } from './types.ts'
import { createWorkflow } from './workflow.ts'

/** The smallest workflow: a counter that owes the world one letter per number, and one when it is closed. */
interface Counter {
  count: number
  isClosed: boolean
  dueAt: number
}

const START = 1_790_000_000_000
const MINUTE_MS = 60_000
const ID = 'counter'

/** One Redis that several replicas work on. */
interface World {
  now: number
  record: { value: Counter; version: number } | undefined
  positions: Map<string, number>
  letters: Set<string>
  /** Shows the newest number. */
  sign: number
}

/** How a replica asks Redis: others go first before everything, and it dies when it has asked so often. */
function createLine(turn: () => Promise<unknown>, dieAfter: number) {
  let left = dieAfter
  const ask = <Result>(act: () => Result): Result => {
    left -= 1
    if (left < 0) throw new Error('killed')
    return act()
  }
  const inTurn = async <Result>(act: () => Result): Promise<Result> => {
    await turn()
    return ask(act)
  }
  return { turn, ask, inTurn }
}
type Line = ReturnType<typeof createLine>

function createDueSet({ positions }: World, { ask, inTurn }: Line): DueSet {
  const put = (id: string, at: number | undefined) =>
    void (at === undefined ? positions.delete(id) : positions.set(id, at))
  return {
    // Sent together with what follows: nobody comes in between, but it may be the last thing that is sent.
    enter: async (id, at) =>
      ask(() => {
        const previous = positions.get(id)
        put(id, at)
        return previous
      }),
    settle: (id, from, at) =>
      inTurn(() => {
        if (positions.get(id) !== from) return false
        put(id, at)
        return true
      }),
    positions: (ids) => inTurn(() => ids.map((id) => positions.get(id))),
    take: (before, until, limit) =>
      inTurn(() => {
        const ids = [...positions].filter(([, at]) => at <= before).map(([id]) => id)
        for (const id of ids.slice(0, limit)) put(id, until)
        return ids.slice(0, limit)
      }),
  }
}

function createRecords(world: World, line: Line): WorkflowRecords<Counter> {
  const { turn, ask, inTurn } = line
  return {
    due: createDueSet(world, line),
    scan: async function* () {
      yield* []
    },
    get: () => inTurn(() => world.record?.value),
    async change(_id, decide, { beforeWrite }) {
      for (;;) {
        const seen = await inTurn(() => world.record)
        const before = seen?.value
        const after = decide(before)
        if (after === undefined || after === before) return { before, after }
        await turn()
        const announced = beforeWrite(before, after)
        const write = async () =>
          ask(() => {
            if (world.record?.version !== seen?.version) return false
            world.record = { value: after, version: (seen?.version ?? 0) + 1 }
            return true
          })
        const [didWrite] = await Promise.all([write(), announced])
        if (didWrite) return { before, after }
      }
    },
  }
}

function createReplica(world: World, turn: () => Promise<unknown>, dieAfter = Infinity) {
  const line = createLine(turn, dieAfter)
  return createWorkflow<Counter, { id: string }, undefined>(
    {
      name: 'counter',
      contextOf: async () => undefined,
      obligations,
      lookAt: ({ isClosed, dueAt }) => (isClosed ? undefined : dueAt),
      fulfil: ({ id }, { count }) =>
        line.inTurn(() => {
          if (id.startsWith('sign')) world.sign = count
          else world.letters.add(id)
        }),
    },
    {
      records: createRecords(world, line),
      // Two stamps of one moment may be the same, once in four thousand times.
      now: () => (world.now += 1),
      log: { warn: () => undefined, error: () => undefined },
    },
  )
}

function obligations({ count, isClosed }: Counter): { id: string }[][] {
  const letters = Array.from({ length: count }, (_, index) => ({ id: `letter ${index + 1}` }))
  return [[...letters, { id: `sign ${count}` }], ...(isClosed ? [[{ id: 'closed' }]] : [])]
}

const decisions = {
  add: (now: number) => (current?: Counter) =>
    current?.isClosed ? current : { count: (current?.count ?? 0) + 1, isClosed: false, dueAt: now + MINUTE_MS },
  close: () => (current?: Counter) => (current && !current.isClosed ? { ...current, isClosed: true } : current),
  nothing: () => (current?: Counter) => current,
}

const happenings = fc.array(
  fc.record({
    kind: fc.constantFrom('add' as const, 'add' as const, 'close' as const, 'nothing' as const),
    dieAfter: fc.option(fc.nat(12), { nil: undefined, freq: 2 }),
    at: fc.integer({ min: 0, max: 30 }),
  }),
  { minLength: 1, maxLength: 6 },
)

it(
  'whatever dies whenever, in whatever order: 25 s later the world is as the record says, and is not touched again',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(happenings, fc.scheduler(), async (story, scheduler) => {
        const world: World = { now: START, record: undefined, positions: new Map(), letters: new Set(), sign: 0 }
        const turn = () => scheduler.schedule(Promise.resolve())
        const all = story.map(({ kind, dieAfter, at }) =>
          createReplica(world, turn, dieAfter)
            .move(ID, decisions[kind](START + at), undefined)
            .catch(() => undefined),
        )
        await scheduler.waitFor(Promise.all(all))
        await scheduler.waitIdle()

        const healthy = createReplica(world, async () => undefined)
        for (let second = 0; second < 25; second += 1) {
          world.now += 1_000
          await healthy.reconcile()
        }
        const { value } = world.record ?? {}
        const owed = value
          ? obligations(value)
              .flat()
              .map(({ id }) => id)
              .filter((id) => !id.startsWith('sign'))
          : []
        expect([...world.letters].toSorted()).toEqual(owed.toSorted())
        // Who is overtaken and dies before he notices leaves the sign as it is: that is the sweep's to find.
        if (story.every(({ dieAfter }) => dieAfter === undefined)) expect(world.sign).toBe(value?.count ?? 0)
        expect(world.positions.get(ID)).toBe(value && !value.isClosed ? value.dueAt : undefined)
      }),
      { numRuns: 300 },
    )
  },
)
