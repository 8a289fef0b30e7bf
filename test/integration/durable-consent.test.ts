import { createDurableConsent, createConsent } from '@switchboard/store'
import type { ConsentEvent } from '@switchboard/store'
import { Redis } from 'ioredis'
import { describe, expect, test, vi } from 'vitest'

import { startPrivateRedis } from '../support/redis.ts'

const stop = (causeId: string): ConsentEvent => ({
  state: 'out',
  sentAt: 1_000,
  receivedAt: 1_000,
  source: 'text',
  causeId,
})
const failFast = { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 3_500 }

/** Skips where Redis cannot say what is on disk. */
async function open(context: Parameters<typeof startPrivateRedis>[0]) {
  const stack = new AsyncDisposableStack()
  const redis = stack.use(await startPrivateRedis(context))
  const client = new Redis(redis.url, { retryStrategy: () => 50, ...failFast, enableOfflineQueue: true })
  client.on('error', () => undefined)
  stack.defer(() => client.disconnect())
  const other = new Redis(redis.url)
  stack.defer(() => other.disconnect())
  const info = await client.command('INFO', 'WAITAOF')
  const hasWaitAof = Array.isArray(info) && info[0] !== null
  return { redis, client, other, hasWaitAof, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

describe('consent that is written down before it is acknowledged', () => {
  test('is there for everybody, and recording it again changes nothing', async (context) => {
    await using world = await open(context)
    const durable = createDurableConsent(world.client)
    await Promise.all([durable.record('phone.1', stop('a')), durable.record('phone.2', stop('b'))])
    await durable.record('phone.1', stop('a'))
    const consent = createConsent(world.other)
    expect(await Promise.all(['phone.1', 'phone.2', 'phone.3'].map((person) => consent.isOptedOut(person)))).toEqual([
      true,
      true,
      false,
    ])
    expect((await consent.get('phone.1'))?.history).toHaveLength(1)
  })

  test('is not acknowledged before the disk has it; those who come together share one wait', async (context) => {
    await using world = await open(context)
    if (!world.hasWaitAof) context.skip('this Redis has no WAITAOF (7.2 or newer has)')
    await world.other.config('SET', 'appendfsync', 'no')
    const durable = createDurableConsent(world.client)
    const answered: string[] = []
    const all = ['a', 'b', 'c'].map(async (cause) => {
      await durable.record(`phone.${cause}`, stop(cause))
      answered.push(cause)
    })
    await vi.waitFor(async () => expect(await createConsent(world.other).isOptedOut('phone.a')).toBe(true))
    expect(answered).toEqual([])
    await world.other.config('SET', 'appendfsync', 'always')
    await world.other.set('something', 'to write')
    await Promise.all(all)
    expect(answered.toSorted()).toEqual(['a', 'b', 'c'])
    const calls = /cmdstat_waitaof:calls=(\d+)/.exec(await world.other.info('commandstats'))?.[1]
    expect(Number(calls)).toBeLessThanOrEqual(2)
  })

  test('throws when the disk does not have it in time, and when Redis is killed meanwhile', async (context) => {
    await using world = await open(context)
    if (!world.hasWaitAof) context.skip('this Redis has no WAITAOF (7.2 or newer has)')
    await world.other.config('SET', 'appendfsync', 'no')
    const durable = createDurableConsent(world.client)
    await expect(durable.record('phone.1', stop('a'))).rejects.toThrow('to disk within 3 s')
    const killed = durable.record('phone.2', stop('b'))
    killed.catch(() => undefined)
    await vi.waitFor(async () => expect(await createConsent(world.other).isOptedOut('phone.2')).toBe(true))
    await world.redis.kill()
    await world.redis.start()
    await expect(killed).rejects.toThrow()
  })
})
