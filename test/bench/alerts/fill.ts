import { newId, stepMessageId } from '@switchboard/contracts'
import type { OutboundMessage } from '@switchboard/contracts'
import type { Redis } from 'ioredis'

import { benchPlan, benchRequest, createFailover, createOutbound, EXPIRY_SECONDS, statusOf } from './pipeline.ts'

const TEAMS = 1_000
const AT_ONCE = 100

export interface Bytes {
  total: number
  /** By kind of key: the sum of MEMORY USAGE of a sample. The rest is what Redis needs to find them. */
  parts: { name: string; bytes: number }[]
}

/** Alerts as they stand while they wait for attention: the first message delivered, its jobs done and gone. */
export async function fillAlerts(redis: Redis, count: number): Promise<void> {
  const failover = createFailover({ redis, send: (message) => deliver(message) })
  const outbound = createOutbound(redis, failover.walker.attention)
  await eachOf(count, (index) => failover.walker.begin(benchRequest(newId('alert'), benchPlan(index % TEAMS))))
  await failover[Symbol.asyncDispose]()

  async function deliver(message: OutboundMessage): Promise<void> {
    // The walk comes back here when it hears of the delivery: the message is there already.
    if (await outbound.ledger.get(message.id)) return
    await outbound.send(message)
    await reportDelivery(message.id, outbound, outbound.status)
  }
}

/** Alerts whose first step is over one by one, a millisecond apart. `due`: when each next message is due, by its id. */
export async function fillDue(redis: Redis, count: number): Promise<{ due: Map<string, number>; firstAt: number }> {
  const rehearsed = Math.min(500, count)
  const rehearsedAt = Date.now()
  await fillDueFrom(redis, rehearsed, rehearsedAt + EXPIRY_SECONDS * 1_000)
  const msEach = (Date.now() - rehearsedAt) / rehearsed
  const firstAt = Date.now() + Math.ceil(count * msEach * 2) + 2_000
  return { due: await fillDueFrom(redis, count, firstAt), firstAt }
}

let teams = TEAMS

async function fillDueFrom(redis: Redis, count: number, firstAt: number): Promise<Map<string, number>> {
  const due = new Map<string, number>()
  const failover = createFailover({ redis, send: async () => undefined })
  await eachOf(count, async (index) => {
    const id = newId('alert')
    // A team for each: many alerts to one person within a minute would be few messages.
    const plan = benchPlan(teams++)
    const dueAt = firstAt + index
    // For this one it is ten minutes before its step will be over.
    await failover.walkerAt(() => dueAt - EXPIRY_SECONDS * 1_000).begin(benchRequest(id, plan))
    due.set(stepMessageId({ id }, { round: 0, user: 0, channel: 1 }, 0), dueAt)
  })
  await failover[Symbol.asyncDispose]()
  return due
}

const SMS_QUEUE = '{sb-outbound-sms}:outbound-sms'

/** BullMQ keeps the newest 10,000 events of a queue: enough for its purposes, not for ours. */
export async function keepHandOvers(redis: Redis, count: number): Promise<void> {
  const EVENTS_PER_JOB = 2
  await redis.hset(`${SMS_QUEUE}:meta`, 'opts.maxLenEvents', (count + 1_000) * EVENTS_PER_JOB)
}

/** How late the messages reached the queue of their channel, by the clock of Redis: in the order they were due. */
export async function readHandOvers(redis: Redis, due: Map<string, number>): Promise<number[]> {
  const arrivals = new Map<string, number>()
  for (let from = '-'; ;) {
    const page = await redis.xrange(`${SMS_QUEUE}:events`, from, '+', 'COUNT', 5_000)
    for (const [eventId, fields] of page) {
      const event = new Map(fields.map((field, index) => [field, fields[index + 1] ?? '']))
      if (event.get('event') === 'added') arrivals.set(event.get('jobId') ?? '', Number.parseInt(eventId))
    }
    const last = page.at(-1)?.[0]
    if (last === undefined) break
    from = `(${last}`
  }
  return [...due].flatMap(([messageId, dueAt]) => {
    const arrivedAt = arrivals.get(messageId)
    return arrivedAt === undefined ? [] : [arrivedAt - dueAt]
  })
}

async function reportDelivery(
  messageId: string,
  { ledger }: Pick<ReturnType<typeof createOutbound>, 'ledger'>,
  tell: (status: ReturnType<typeof statusOf>) => Promise<void>,
): Promise<void> {
  const [uuid = ''] = Object.keys((await ledger.get(messageId))?.uuids ?? {})
  await tell(statusOf(messageId, uuid, 'submitted'))
  await tell(statusOf(messageId, uuid, 'delivered'))
}

/** What Redis holds: per alert, less what it held before, and by kind of key. */
export async function countBytes(redis: Redis, before?: Bytes, count = 1): Promise<Bytes> {
  const info = await redis.info('memory')
  const read = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1] ?? 0)
  // Buffers of connections and of the append-only file come and go.
  const total = read('used_memory') - read('mem_clients_normal') - read('mem_aof_buffer')
  if (!before) return { total, parts: [] }
  const parts = await sizeByKind(redis, count)
  return { total: Math.round((total - before.total) / count), parts }
}

async function sizeByKind(redis: Redis, count: number): Promise<Bytes['parts']> {
  const sizes = new Map<string, number>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 1_000)
    cursor = next
    const pipeline = redis.pipeline()
    for (const key of keys) pipeline.memory('USAGE', key, 'SAMPLES', 5)
    const answers = (await pipeline.exec()) ?? []
    for (const [index, [, bytes]] of answers.entries()) {
      const kind = kindOf(keys[index] ?? '')
      sizes.set(kind, (sizes.get(kind) ?? 0) + Number(bytes))
    }
  } while (cursor !== '0')
  return [...sizes]
    .map(([name, bytes]) => ({ name, bytes: Math.round(bytes / count) }))
    .filter(({ bytes }) => bytes > 0)
    .toSorted((a, b) => b.bytes - a.bytes)
}

/** `sb:alert:…` is `alert`; `{sb-alert-step}:alert-step:deadline-…` is `alert-step jobs`, its lists `alert-step`. */
function kindOf(key: string): string {
  const job = /^\{sb-[\w-]+\}:([\w-]+):(.*)$/.exec(key)
  if (job) return `${job[1]} ${/^[a-z-]+$/.test(job[2] ?? '') ? job[2] : 'jobs'}`
  return key
    .split(':')
    .slice(1, 2)
    .concat(key.startsWith('sb:alerts:') ? key.split(':').slice(2, 3) : [])
    .join(' ')
}

/** Runs a task for each number below `count`, a hundred at a time. */
async function eachOf(count: number, task: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const run = async (): Promise<void> => {
    while (next < count) await task(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, run))
}
