import type { Feed, FeedFanout } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { createRefresh } from './refresh.ts'
import type { RefreshDeps } from './refresh.ts'

const feed: Feed = { source: 'simulated', everySeconds: 10, start: 420, text: '{topic} is {value}' }
const tick = { dueAt: 50_000 }

interface World {
  /** What the source says; nothing when it has nothing new. */
  source?: string[]
  recorded?: Awaited<ReturnType<RefreshDeps['feedValues']['record']>>
}

function refresh({ source = ['421.00'], recorded }: World = {}) {
  const pages: FeedFanout[] = []
  const values: [string, number, string][] = []
  const handle = createRefresh({
    feeds: { MSFT: feed },
    feedValues: {
      get: async () => ({ value: '420.00', tick: 40_000 }),
      record: async (...given) => {
        values.push(given)
        return recorded ?? { kind: 'current', value: given[2], previous: '420.00' }
      },
    },
    readSource: async () => source[0],
    fanOut: { enqueue: async (page) => void pages.push(page) },
    now: () => 50_004,
    log: { info: () => undefined },
  })
  return { handle, pages, values }
}

describe('createRefresh', () => {
  it('makes the value of the tick that was due and begins its fan-out', async () => {
    const { handle, pages, values } = refresh()
    await handle({ topic: 'MSFT' }, tick)
    expect(values).toEqual([['MSFT', 50_000, '421.00']])
    expect(pages).toEqual([
      { topic: 'MSFT', tick: 50_000, text: 'MSFT is 421.00', after: '', createdAt: 50_004, expiresAt: 60_000 },
    ])
  })

  it('takes a pushed value as it is, at the time of the push', async () => {
    const { handle, pages } = refresh()
    await handle({ topic: 'MSFT', update: { id: 'u1', value: "halted: $& $1 $'", at: 45_000 } }, tick)
    expect(pages).toMatchObject([{ tick: 45_000, text: "MSFT is halted: $& $1 $'", expiresAt: 55_000 }])
  })

  it('sends what the first of two runs of a tick has recorded', async () => {
    const { handle, pages } = refresh({ recorded: { kind: 'current', value: '419.00', previous: '420.00' } })
    await handle({ topic: 'MSFT' }, tick)
    expect(pages).toMatchObject([{ text: 'MSFT is 419.00' }])
  })

  it.each([
    ['the source has nothing new', refresh({ source: [] }), 'MSFT'],
    ['a newer tick was recorded', refresh({ recorded: { kind: 'stale' } }), 'MSFT'],
    ['the topic has left the configuration', refresh(), 'GONE'],
  ])('sends nothing when %s', async (_, { handle, pages }, topic) => {
    await handle({ topic }, tick)
    expect(pages).toEqual([])
  })
})
