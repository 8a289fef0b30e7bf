import { retention } from '@switchboard/contracts'
import type { CallEvent, Retention } from '@switchboard/contracts'

import { callOf, callRecord, recordCallEvent } from './call-record.ts'
import type { CallRecord } from './call-record.ts'
import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

const DAY_SECONDS = 86_400
/** Of the list of recent calls; records themselves stay until they expire. */
const MAX_LISTED = 10_000

export type Calls = ReturnType<typeof createCalls>

/** The record of every call. Written by the outbound service alone. */
export function createCalls(redis: RedisConnection, { callsDays }: Pick<Retention, 'callsDays'> = retention.parse({})) {
  const keptSeconds = callsDays * DAY_SECONDS
  const records = createRecords(redis, { schema: callRecord, key: keys.call, ttlSeconds: () => keptSeconds })

  async function index(call: CallRecord): Promise<void> {
    const { uuid, startedAt, conversationUuid } = call
    const person = personOf(call)
    await redis.zadd(keys.calls, startedAt, uuid)
    await redis.zremrangebyscore(keys.calls, '-inf', startedAt - keptSeconds * 1_000)
    await redis.zremrangebyrank(keys.calls, 0, -MAX_LISTED - 1)
    await redis.expire(keys.calls, keptSeconds)
    if (conversationUuid) await redis.set(keys.callOfConversation(conversationUuid), uuid, 'EX', keptSeconds)
    if (!person) return
    await redis.zadd(keys.callsOfCaller(person), startedAt, uuid)
    // By age alone: what is on record must be found when the person is erased.
    await redis.zremrangebyscore(keys.callsOfCaller(person), '-inf', startedAt - keptSeconds * 1_000)
    await redis.expire(keys.callsOfCaller(person), keptSeconds)
  }

  /** Calls with an address, newest first; those that an older version has listed, without order, come last. */
  async function uuidsFrom(address: string, limit = Infinity): Promise<string[]> {
    const last = limit === Infinity ? -1 : limit - 1
    const uuids = await redis.zrevrange(keys.callsOfCaller(address), 0, last)
    return uuids.length < limit ? [...uuids, ...(await redis.smembers(keys.callsFrom(address)))] : uuids
  }

  return {
    get: (callUuid: string) => records.get(callUuid),
    /** Adds an event to its call; harmless when done again. Undefined when the event belongs to no call. */
    async record(event: CallEvent): Promise<CallRecord | undefined> {
      const callUuid = await findCall(redis, event)
      if (!callUuid) return undefined
      const call = await records.update(callUuid, (current) => recordCallEvent(current, callUuid, event))
      await index(call)
      return call
    },
    /** The newest calls that began before a time (milliseconds), newest first. */
    async list(before: number, limit: number): Promise<CallRecord[]> {
      const uuids = await redis.zrange(keys.calls, `(${before}`, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit)
      const calls = await Promise.all(uuids.map((uuid) => records.get(uuid)))
      return calls.filter((call) => call !== undefined)
    },
    /** Calls with an address, newest first. */
    async from(address: string, limit: number): Promise<CallRecord[]> {
      const uuids = new Set(await uuidsFrom(address, limit))
      const calls = await Promise.all([...uuids].map((uuid) => records.get(uuid)))
      const known = calls.filter((call) => call !== undefined)
      return known.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, limit)
    },
    /** Erases every call with an address; returns how many. */
    async erase(address: string): Promise<number> {
      const uuids = await uuidsFrom(address)
      for (const uuid of uuids) {
        const conversationUuid = (await records.get(uuid))?.conversationUuid
        if (conversationUuid) await redis.del(keys.callOfConversation(conversationUuid))
        await records.remove(uuid)
        await redis.zrem(keys.calls, uuid)
      }
      await redis.del(keys.callsOfCaller(address))
      await redis.del(keys.callsFrom(address))
      return uuids.length
    },
  }
}

/** Who is at the other end: calls of alerts are ours. */
function personOf({ uuid, legs, from, to }: CallRecord): string | undefined {
  return legs[uuid]?.direction === 'outbound' ? to : from
}

async function findCall(redis: RedisConnection, event: CallEvent): Promise<string | undefined> {
  const { conversationUuid, uuid } = event
  const named = callOf(event)
  if (named) return named
  const found = conversationUuid ? await redis.get(keys.callOfConversation(conversationUuid)) : null
  return found ?? uuid ?? conversationUuid
}
