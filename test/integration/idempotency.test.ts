import { createHash } from 'node:crypto'

import { createIdempotency } from '@switchboard/store'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

let redis: TestRedis
beforeAll(async () => void (redis = await openTestRedis()))
afterAll(() => redis[Symbol.asyncDispose]())

const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
const ann = { by: 'ann', key: 'message:k' }
const bob = { by: 'bob', key: 'message:k' }

test('the key of one token neither answers nor blocks another, whoever is first', async () => {
  const idempotency = createIdempotency(redis.client)
  expect(await idempotency.claim(ann, { text: 'hers' }, 'msg-1')).toEqual({ kind: 'new' })
  expect(await idempotency.claim(bob, { text: 'his' }, 'msg-2')).toEqual({ kind: 'new' })
  await idempotency.settle(bob)
  expect(await idempotency.claim(bob, { text: 'his' }, 'msg-3')).toEqual({
    kind: 'repeated',
    id: 'msg-2',
    isSettled: true,
  })
  expect(await idempotency.claim(bob, { text: 'another' }, 'msg-4')).toEqual({ kind: 'conflict' })
  expect(await idempotency.claim(ann, { text: 'hers' }, 'msg-5')).toEqual({
    kind: 'repeated',
    id: 'msg-1',
    isSettled: false,
  })
  await idempotency.settle(ann)
  expect(await idempotency.claim(ann, { text: 'hers' }, 'msg-6')).toMatchObject({ id: 'msg-1', isSettled: true })
})

test('a key that is another token’s no longer does not let a request be done twice', async () => {
  const idempotency = createIdempotency(redis.client)
  const [first, second] = [
    { by: 'ann', key: 'message:gone' },
    { by: 'bob', key: 'message:gone' },
  ]
  await idempotency.claim(first, {}, 'msg-1')
  await idempotency.claim(second, {}, 'msg-2')
  await redis.client.del(`sb:idempotency:${hash(first.key)}`)
  expect(await idempotency.claim(second, {}, 'msg-3')).toMatchObject({ kind: 'repeated', id: 'msg-2' })
})

test('two at once under one key have one each', async () => {
  const idempotency = createIdempotency(redis.client)
  const names = ['ann', 'bob', 'cyd']
  const claims = names.map((by) => idempotency.claim({ by, key: 'message:race' }, { by }, `of-${by}`))
  expect(await Promise.all(claims)).toEqual(names.map(() => ({ kind: 'new' })))
  for (const by of names) {
    expect(await idempotency.claim({ by, key: 'message:race' }, { by }, 'later')).toMatchObject({ id: `of-${by}` })
  }
})

test('what an older version has written holds, and it finds what is written now', async () => {
  const idempotency = createIdempotency(redis.client)
  const key = 'message:old'
  // Of the first test.
  const written = await rawOf(ann.key)
  expect(written).toMatchObject({ id: 'msg-1' })
  const older = { ...written, by: undefined, id: 'msg-old', bodyHash: hash(JSON.stringify({ text: 'old' })) }
  const stored = await redis.client.get(`sb:idempotency:${hash(ann.key)}`)
  await redis.client.set(
    `sb:idempotency:${hash(key)}`,
    `${stored?.slice(0, stored.indexOf('{'))}${JSON.stringify(older)}`,
  )
  expect(await idempotency.claim({ by: 'bob', key }, { text: 'old' }, 'msg-9')).toMatchObject({
    kind: 'repeated',
    id: 'msg-old',
  })
})

/** Where every version looks. */
async function rawOf(key: string): Promise<Record<string, unknown>> {
  const stored = (await redis.client.get(`sb:idempotency:${hash(key)}`)) ?? ''
  return Object(JSON.parse(stored.slice(stored.indexOf('{'))))
}
