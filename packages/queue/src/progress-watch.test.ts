import { describe, expect, it } from 'vitest'

import { createProgressWatch } from './progress-watch.ts'

interface State {
  waiting?: number
  prioritized?: number
  isPaused?: boolean
  rateLimitMs?: number
}

function watchOf(state: State, concurrency = 2) {
  const clock = { now: 0 }
  const queue = {
    getJobCounts: async () => ({ waiting: state.waiting ?? 0, prioritized: state.prioritized ?? 0 }),
    isPaused: async () => state.isPaused ?? false,
    getRateLimitTtl: async () => state.rateLimitMs ?? -2,
  }
  return { clock, watch: createProgressWatch(queue, { concurrency, now: () => clock.now }) }
}

describe('createProgressWatch', () => {
  it.each([
    ['nothing waits', {}, undefined],
    ['jobs wait', { waiting: 3 }, '3 jobs wait and none was taken for 61 s (0 running)'],
    ['urgent jobs wait', { prioritized: 2, waiting: 1 }, '3 jobs wait'],
    ['the queue is paused', { waiting: 3, isPaused: true }, undefined],
    ['the rate is used up', { waiting: 3, rateLimitMs: 900 }, undefined],
  ])('after a minute without progress while %s', async (_, state, expected) => {
    const { clock, watch } = watchOf(state)
    clock.now = 59_000
    expect(await watch.problem()).toBeUndefined()
    clock.now = 61_000
    const problem = await watch.problem()
    if (expected === undefined) expect(problem).toBeUndefined()
    else expect(problem).toContain(expected)
  })

  it('is content again once a job is taken', async () => {
    const { clock, watch } = watchOf({ waiting: 3 })
    clock.now = 61_000
    watch.taken()
    expect(await watch.problem()).toBeUndefined()
  })

  it('gives jobs that come after an idle hour their own minute', async () => {
    const state: State = {}
    const { clock, watch } = watchOf(state)
    clock.now = 3_600_000
    expect(await watch.problem()).toBeUndefined()
    state.waiting = 1
    clock.now += 59_000
    expect(await watch.problem()).toBeUndefined()
    clock.now += 2_000
    expect(await watch.problem()).toContain('1 jobs wait')
  })

  it('sees that all its slots hang', async () => {
    const { clock, watch } = watchOf({ waiting: 5 }, 2)
    watch.taken()
    watch.taken()
    clock.now = 61_000
    expect(await watch.problem()).toContain('(2 running)')
  })
})
