import { describe, expect, it } from 'vitest'

import { createProgressWatch } from './progress-watch.ts'

interface State {
  waiting?: number
  prioritized?: number
  overdue?: number
  isPaused?: boolean
  rateLimitMs?: number
}

function watchOf(state: State) {
  const queue = {
    getJobCounts: async () => ({ waiting: state.waiting ?? 0, prioritized: state.prioritized ?? 0 }),
    countOverdue: async (dueBefore: number) => (dueBefore === 95_000 ? (state.overdue ?? 0) : 0),
    isPaused: async () => state.isPaused ?? false,
    getRateLimitTtl: async () => state.rateLimitMs ?? -2,
  }
  const watch = createProgressWatch(queue, () => 100_000)
  const look = async (times: number) => {
    for (let time = 0; time < times; time += 1) await watch.look()
  }
  return { watch, look }
}

describe('createProgressWatch', () => {
  it.each([
    ['nothing waits', {}, undefined],
    ['jobs wait', { waiting: 3 }, '3 jobs wait and none was taken in 12 looks (0 running)'],
    ['urgent jobs wait', { prioritized: 2, waiting: 1 }, '3 jobs wait'],
    ['delayed jobs are overdue', { overdue: 2 }, '2 jobs wait'],
    ['the queue is paused', { waiting: 3, isPaused: true }, undefined],
    ['the rate is used up', { waiting: 3, rateLimitMs: 900 }, undefined],
  ])('after a minute without progress while %s', async (_, state, expected) => {
    const { watch, look } = watchOf(state)
    await look(11)
    expect(watch.problem()).toBeUndefined()
    await look(1)
    if (expected === undefined) expect(watch.problem()).toBeUndefined()
    else expect(watch.problem()).toContain(expected)
  })

  it('is content again once a job is taken', async () => {
    const { watch, look } = watchOf({ waiting: 3 })
    await look(12)
    watch.taken()
    await look(1)
    expect(watch.problem()).toBeUndefined()
  })

  it('gives jobs that come after an idle hour their own minute', async () => {
    const state: State = {}
    const { watch, look } = watchOf(state)
    await look(720)
    state.waiting = 1
    await look(11)
    expect(watch.problem()).toBeUndefined()
    await look(1)
    expect(watch.problem()).toContain('1 jobs wait')
  })

  it('sees that all its slots hang', async () => {
    const { watch, look } = watchOf({ waiting: 5 })
    watch.taken()
    watch.taken()
    await look(13)
    expect(watch.problem()).toContain('(2 running)')
  })

  it('does not blame the worker for a Redis that refuses', async () => {
    const { watch, look } = watchOf({ waiting: 5 })
    for (let time = 0; time < 40; time += 1) {
      watch.refused()
      await look(1)
    }
    expect(watch.problem()).toBeUndefined()
  })
})
