import { createLogger } from '@switchboard/runtime'
import type { IdempotencyKey } from '@switchboard/store'
import { expect, it } from 'vitest'
import { z } from 'zod'

import { createServer } from './app.ts'
import { once } from './idempotent.ts'
import { enqueueOrUnavailable } from './problem.ts'

/** A server with one POST, and the faults of its Redis: which of its writes fail, counted from now. */
async function api() {
  const records = new Map<string, { id: string; request: string; isSettled: boolean }>()
  const effects: string[] = []
  const faults: ('claim' | 'act' | 'settle' | 'contract')[] = []
  const orFault = (name: (typeof faults)[number]) => {
    if (faults[0] !== name) return
    faults.shift()
    throw new Error("Stream isn't writeable and enableOfflineQueue options is false")
  }
  const idempotency = {
    claim: async ({ by, key: given }: IdempotencyKey, body: unknown, id: string) => {
      const key = `${by} ${given}`
      orFault('claim')
      const known = records.get(key)
      const request = JSON.stringify(body)
      if (!known) records.set(key, { id, request, isSettled: false })
      if (!known) return { kind: 'new' as const }
      return known.request === request ? { kind: 'repeated' as const, ...known } : { kind: 'conflict' as const }
    },
    settle: async ({ by, key: given }: IdempotencyKey) => {
      const key = `${by} ${given}`
      orFault('settle')
      const known = records.get(key)
      if (known) records.set(key, { ...known, isSettled: true })
    },
  }
  let count = 0
  const app = await createServer({
    log: createLogger('ingress', 'silent'),
    countShed: () => undefined,
    rateLimitPerMinute: 1_000,
    trustProxy: false,
  })
  const effect = async (id: string) => {
    orFault('act')
    if (faults[0] === 'contract') z.object({ text: z.string().max(3) }).parse({ text: 'too long' })
    effects.push(id)
  }
  app.post<{ Params: { what: string } }>('/do/:what', async (request) => {
    count += 1
    const { what } = request.params
    return once(request, { by: 'Ada', scope: what, id: `id-${count}`, idempotency }, (id) =>
      enqueueOrUnavailable({ enqueue: effect }, id),
    )
  })
  const ask = async (payload: object, { key, what = 'it' }: { key?: string; what?: string } = {}) => {
    const headers = key === undefined ? {} : { 'idempotency-key': key }
    const { statusCode, body } = await app.inject({ method: 'POST', url: `/do/${what}`, headers, payload })
    return { code: statusCode, body }
  }
  return { ask, effects, faults }
}

it('does a request with a key once, and one without each time', async () => {
  const { ask, effects } = await api()
  const first = await ask({ a: 1 }, { key: 'k' })
  expect([await ask({ a: 1 }, { key: 'k' }), await ask({ a: 1 }), await ask({ a: 1 })]).toEqual([
    first,
    { code: 200, body: 'id-3' },
    { code: 200, body: 'id-4' },
  ])
  expect(effects).toEqual(['id-1', 'id-3', 'id-4'])
})

it('refuses a key for another request, and knows an address from another', async () => {
  const { ask } = await api()
  await ask({ a: 1 }, { key: 'k' })
  expect((await ask({ a: 2 }, { key: 'k' })).code).toBe(422)
  expect((await ask({ a: 2 }, { key: 'k', what: 'other' })).code).toBe(200)
  expect((await ask({}, { key: 'k'.repeat(256) })).code).toBe(422)
})

it.each(['claim', 'act', 'settle'] as const)(
  'interrupted at its %s it is taken up under the same id',
  async (fault) => {
    const { ask, effects, faults } = await api()
    faults.push(fault)
    const interrupted = await ask({ a: 1 }, { key: 'k' })
    expect(interrupted.code).toBe(503)
    expect(JSON.parse(interrupted.body)).toMatchObject({
      repeatable: true,
      detail: expect.stringContaining('done once'),
    })
    const again = await ask({ a: 1 }, { key: 'k' })
    expect(again.code).toBe(200)
    expect(new Set(effects)).toEqual(new Set([again.body]))
  },
)

it('without a key a 503 says that repeating may do it twice', async () => {
  const { ask, faults } = await api()
  faults.push('act')
  const { code, body } = await ask({ a: 1 })
  expect(code).toBe(503)
  expect(JSON.parse(body)).toMatchObject({ repeatable: false, detail: expect.stringContaining('Idempotency-Key') })
})

it('what no queue would ever take is 422, with its field, and not 503 for ever', async () => {
  const { ask, faults } = await api()
  faults.push('contract')
  const { code, body } = await ask({ a: 1 })
  expect(code).toBe(422)
  expect(JSON.parse(body)).toMatchObject({ errors: [{ field: 'text' }] })
})
