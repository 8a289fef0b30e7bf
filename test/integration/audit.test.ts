import { CHAIN_BEGINNING, chainedEntry, checkChain } from '@switchboard/contracts'
import type { AuditEntry } from '@switchboard/contracts'
import { createAudit, takeOverAudit } from '@switchboard/store'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { withClient } from '../support/crash-everywhere.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const CHAIN = 'sb:audit-chain'
const NOW = Date.UTC(2026, 2, 1)
const DAY_MS = 86_400_000
const cleanup = new AsyncDisposableStack()
let database: TestRedis
let redis: Redis

beforeAll(async () => {
  database = cleanup.use(await openTestRedis())
  redis = new Redis(database.url)
  cleanup.defer(() => redis.disconnect())
})
beforeEach(() => database.flush())
afterAll(() => cleanup.disposeAsync())

function entry(id: string, at = NOW): AuditEntry {
  return { id, at, kind: 'token', who: 'deploy', via: 'api', action: 'alert.start', target: 'alert-1' }
}

async function check() {
  const audit = createAudit(redis)
  const { anchor, head } = await audit.ends()
  return checkChain(anchor, await audit.read(anchor.seq + 1, head.seq + 10), head)
}

async function idsInChain(): Promise<string[]> {
  const { read, ends } = createAudit(redis)
  const { anchor, head } = await ends()
  return (await read(anchor.seq + 1, head.seq)).map(({ id }) => id)
}

const writeTheOne = (client: Redis) => createAudit(client).add(entry('the-one'))

test('a job that dies before any command and is worked again writes its entry once', async () => {
  for (let commands = 0; commands < 20; commands += 1) {
    await database.flush()
    await createAudit(redis).add(entry('before'))
    const didDie = await withClient(database.url, commands, writeTheOne)
    await createAudit(redis).add(entry('of-another'))
    await withClient(database.url, Infinity, writeTheOne)
    expect((await idsInChain()).toSorted()).toEqual(['before', 'of-another', 'the-one'])
    expect(await check()).toMatchObject({ kind: 'whole' })
    if (!didDie) return
  }
  throw new Error('It never gets through')
})

async function writeSixty(client: Redis): Promise<void> {
  const audit = createAudit(client)
  await Promise.all(Array.from({ length: 60 }, (_, index) => audit.add(entry(`id-${index}`))))
}

test('two consoles that write the same jobs at the same time make one chain', async () => {
  const other = new Redis(database.url)
  cleanup.defer(() => other.disconnect())
  await Promise.all([writeSixty(redis), writeSixty(other)])
  expect(new Set(await idsInChain()).size).toBe(60)
  expect(await check()).toMatchObject({ kind: 'whole', head: { seq: 60 } })
})

async function forge(act: () => Promise<unknown>) {
  await database.flush()
  const audit = createAudit(redis)
  for (let index = 1; index <= 6; index += 1) await audit.add(entry(`id-${index}`))
  await act()
  return check()
}

async function readPlace(seq: number) {
  return chainedEntry.parse(JSON.parse((await redis.hget(CHAIN, String(seq))) ?? ''))
}

async function changePlace(seq: number, change: object) {
  return redis.hset(CHAIN, String(seq), JSON.stringify({ ...(await readPlace(seq)), ...change }))
}

test('whoever changes, removes or adds an entry in Redis is found out, at the first one', async () => {
  expect(await forge(async () => changePlace(3, { who: 'somebody else' }))).toMatchObject({ seq: 3, fault: 'changed' })
  expect(await forge(async () => redis.hdel(CHAIN, '2', '3'))).toMatchObject({ seq: 2, fault: 'removed' })
  expect(await forge(async () => redis.hdel(CHAIN, '6'))).toMatchObject({ seq: 6, fault: 'removed' })
  expect(
    await forge(async () => redis.hset(CHAIN, '7', JSON.stringify({ ...(await readPlace(6)), seq: 7 }))),
  ).toMatchObject({ seq: 7, fault: 'added' })
  expect(await forge(async () => redis.hdel(CHAIN, 'anchor'))).toMatchObject({ kind: 'whole' })
})

test('what is older than the retention goes, and its last hash stays for the rest to follow', async () => {
  const audit = createAudit(redis)
  for (let index = 0; index < 450; index += 1) await audit.add(entry(`id-${index}`, NOW + index * DAY_MS))
  const cutAt = async (day: number) => audit.trim(NOW + day * DAY_MS)
  const before = await audit.read(401, 401)
  await cutAt(400)
  const { anchor } = await audit.ends()
  expect(anchor.seq).toBe(400)
  expect(await audit.read(401, 401)).toEqual(before)
  expect(await check()).toMatchObject({ kind: 'whole', head: { seq: 450 } })
  // The entries and their ids, the last one and the anchor.
  expect(await redis.hlen(CHAIN)).toBe(2 * 50 + 2)

  await redis.hset(CHAIN, 'anchor', JSON.stringify({ ...anchor, hash: 'another' }))
  expect(await check()).toMatchObject({ kind: 'broken', seq: 401 })
  await redis.hset(CHAIN, 'anchor', JSON.stringify(anchor))
  await cutAt(1_000)
  await audit.add(entry('after all of them'))
  expect(await check()).toMatchObject({ kind: 'whole', head: { seq: 451 } })
})

test('trimming that dies before any command leaves a chain that is whole', async () => {
  for (let commands = 0; commands < 20; commands += 1) {
    await database.flush()
    const audit = createAudit(redis)
    for (let index = 0; index < 10; index += 1) await audit.add(entry(`id-${index}`, NOW + index))
    const didDie = await withClient(database.url, commands, (client) => createAudit(client).trim(NOW + 5))
    expect(await check()).toMatchObject({ kind: 'whole' })
    if (!didDie) {
      expect(await idsInChain()).toEqual(['id-5', 'id-6', 'id-7', 'id-8', 'id-9'])
      return
    }
  }
  throw new Error('It never gets through')
})

const takeOver = (client: Redis) => takeOverAudit(client, createAudit(client))

test('the trail of 0.1.0 is taken over in its order, once, wherever it dies', async () => {
  for (let commands = 0; commands < 40; commands += 1) {
    await database.flush()
    for (const target of ['a', 'b', 'c']) {
      const old = { at: NOW, who: 'Ada', action: 'alert.cancel', target }
      await redis.xadd('sb:audit', '*', 'entry', JSON.stringify(old))
    }
    const didDie = await withClient(database.url, commands, takeOver)
    await withClient(database.url, Infinity, takeOver)
    const { entries } = await createAudit(redis).page({ limit: 10 })
    expect(entries.map(({ who, target }) => `${who} ${target}`)).toEqual(['Ada c', 'Ada b', 'Ada a'])
    expect(await redis.xlen('sb:audit')).toBe(0)
    if (!didDie) return
  }
  throw new Error('It never gets through')
})

test('pages go back through the filter, newest first, without a gap or a repetition', async () => {
  const audit = createAudit(redis)
  expect(await audit.page({ limit: 5 })).toEqual({ entries: [], next: undefined })
  for (let index = 1; index <= 500; index += 1) {
    await audit.add({ ...entry(`id-${index}`, NOW + index), who: index % 7 === 0 ? 'Ada Lovelace' : 'deploy' })
  }
  const seen: number[] = []
  let before: number | undefined
  do {
    const page = await audit.page({ before, limit: 9 }, { who: 'ada', action: 'alert', since: NOW + 8 })
    seen.push(...page.entries.map(({ seq }) => seq))
    before = page.next
  } while (before !== undefined)
  expect(seen).toEqual(Array.from({ length: 70 }, (_, index) => (71 - index) * 7))
  expect((await audit.page({ limit: 9 }, { action: 'person' })).entries).toEqual([])
  expect((await audit.page({ limit: 1 }, { until: NOW + 20 })).entries[0]?.seq).toBe(19)
  expect(CHAIN_BEGINNING.seq).toBe(0)
})
