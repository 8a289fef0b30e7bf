import type { CallEvent } from '@switchboard/contracts'
import { createCalls } from '@switchboard/store'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const start = 1_790_000_000_000
const end = start + 3_600_000

let redis: TestRedis
let calls: ReturnType<typeof createCalls>
beforeAll(async () => {
  redis = await openTestRedis()
  calls = createCalls(redis.client)
})
beforeEach(() => redis.flush())
afterAll(() => redis[Symbol.asyncDispose]())

function event(uuid: string, status: string, seconds: number, fields: Partial<CallEvent> = {}): CallEvent {
  const at = start + seconds * 1_000
  return { uuid, conversationUuid: `CON-${uuid}`, from: '447700900010', status, at, receivedAt: at, ...fields }
}

describe('calls', () => {
  it('are one record, however their events come in', async () => {
    const socket = { conversationUuid: 'CON-a', to: 'wss://echo/socket', headers: { call_uuid: 'a' } }
    const events = [event('a', 'answered', 1), event('b', 'answered', 2, socket), event('a', 'completed', 9)]
    await Promise.all([...events, ...events].map((one) => calls.record(one)))
    expect(await calls.list(end, 10)).toHaveLength(1)
    const call = await calls.get('a')
    expect(call).toMatchObject({ state: 'completed', legs: { a: { kind: 'phone' }, b: { kind: 'websocket' } } })
    expect(call?.events).toHaveLength(3)
  })

  it('are found by the conversation when an event names neither leg nor call', async () => {
    await calls.record(event('a', 'answered', 1))
    await calls.record(event('b', 'failed', 2, { conversationUuid: 'CON-a', to: 'wss://echo/socket' }))
    await calls.record({ ...event('a', 'error', 3), uuid: undefined, reason: 'Invalid NCCO' })
    expect((await calls.get('a'))?.events.map(({ status }) => status)).toEqual(['answered', 'failed', 'error'])
  })

  it('are listed newest first, page by page', async () => {
    for (const [second, uuid] of ['a', 'b', 'c'].entries()) await calls.record(event(uuid, 'started', second))
    const page = await calls.list(end, 2)
    expect(page.map(({ uuid }) => uuid)).toEqual(['c', 'b'])
    expect((await calls.list(page[1]!.startedAt, 2)).map(({ uuid }) => uuid)).toEqual(['a'])
  })

  it('of one caller are the newest ones, however many there are', async () => {
    const many = Array.from({ length: 520 }, (_, at) => event(`call-${at}`, 'started', at))
    await Promise.all(many.map((each) => calls.record(each)))
    await redis.client.sadd('sb:calls-from:447700900010', 'of an older version')
    const newest = await calls.from('447700900010', 3)
    expect(newest.map(({ uuid }) => uuid)).toEqual(['call-519', 'call-518', 'call-517'])
    expect(await calls.erase('447700900010')).toBe(521)
    expect(await redis.client.keys('sb:call*')).toEqual([])
  })

  it('of alerts are with whom we call', async () => {
    const ours = { direction: 'outbound', from: '447700900003', to: '447700900010' }
    await calls.record(event('a', 'ringing', 1, ours))
    await calls.record(event('b', 'started', 2))
    expect((await calls.from('447700900010', 9)).map(({ uuid }) => uuid)).toEqual(['b', 'a'])
    expect(await calls.erase('447700900010')).toBe(2)
    expect(await calls.get('a')).toBeUndefined()
  })

  it('are erased with the person, and expire by themselves', async () => {
    await calls.record(event('a', 'started', 1))
    await calls.record(event('b', 'started', 2, { from: '447700900099' }))
    for (const key of await redis.client.keys('sb:call*')) expect(await redis.client.ttl(key)).toBeGreaterThan(0)
    expect(await calls.erase('447700900010')).toBe(1)
    expect(await calls.get('a')).toBeUndefined()
    expect((await calls.list(end, 10)).map(({ uuid }) => uuid)).toEqual(['b'])
    expect(await calls.erase('447700900010')).toBe(0)
  })
})
