import { createSenders } from '@switchboard/store'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const cleanup = new AsyncDisposableStack()
let redis: TestRedis
beforeAll(async () => {
  redis = cleanup.use(await openTestRedis())
})
beforeEach(() => redis.flush())
afterAll(() => cleanup.disposeAsync())

const sms = { channel: 'sms', sender: '447700900000' } as const
const other = { channel: 'sms', sender: '12015550123' } as const
const refused = (recipient: string) => ({ kind: 'account', recipient, code: '401', reason: 'bad key' }) as const
const NOW = 1_790_000_000_000

async function hold() {
  const senders = createSenders(redis.client)
  await senders.answered(sms, refused('a'), NOW)
  await senders.answered(sms, refused('b'), NOW)
  return senders
}

it('replicas agree on who is held, and one message of all of theirs tries a minute', async () => {
  const senders = await hold()
  const replicas = [senders, createSenders(redis.client), createSenders(redis.client)]
  expect(await replicas[1]!.held()).toMatchObject([{ ...sms, hold: { refusals: 2, reason: 'bad key' } }])
  for (let minute = 1; minute <= 3; minute += 1) {
    const at = NOW + minute * 60_000
    const tries = await Promise.all(
      replicas.flatMap((replica, index) => [1, 2].map((each) => replica.takeProbe(sms, `m${index}.${each}`, at))),
    )
    expect(tries.filter(Boolean)).toHaveLength(1)
  }
})

it('opens with an acceptance or by hand, and only that one', async () => {
  const senders = await hold()
  for (const recipient of ['a', 'b']) await senders.answered(other, refused(recipient), NOW + 1)
  expect((await senders.held()).map(({ sender }) => sender)).toEqual([sms.sender, other.sender])
  await senders.answered(sms, { kind: 'accepted' }, NOW)
  expect((await senders.held()).map(({ sender }) => sender)).toEqual([other.sender])
  await senders.open(other)
  expect(await senders.held()).toEqual([])
  expect(await senders.get(other)).toEqual(other)
})

it('a limit is about one sender, and no hold', async () => {
  const senders = createSenders(redis.client)
  await senders.answered(sms, { kind: 'limited', retryAfterMs: 900_000 }, NOW)
  expect(await senders.get(sms)).toMatchObject({ limitedUntil: NOW + 900_000 })
  expect(await senders.get(other)).toBeUndefined()
  expect(await senders.held()).toEqual([])
})
