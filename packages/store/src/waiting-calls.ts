import { callSettings, stepRef } from '@switchboard/contracts'
import type { OutboundMessage } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

const KEPT_SECONDS = 3_600

const waitingCall = z.object({
  messageId: z.string(),
  text: z.string(),
  step: stepRef,
  call: callSettings,
  /** Milliseconds. */
  since: z.number(),
  /** Where it is said instead, without a call of its own: the leg, and the message before it. */
  joined: z.object({ leg: z.string(), after: z.string() }).optional(),
})
export type WaitingCall = z.infer<typeof waitingCall>
export type WaitingCalls = ReturnType<typeof createWaitingCalls>

const WAIT = `
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`

const LEAVE = `
local found = redis.call('HGET', KEYS[1], ARGV[1])
if not found then return false end
local joined = cjson.decode(found).joined
if joined then return joined.leg end
redis.call('HDEL', KEYS[1], ARGV[1])
return false`

const JOIN = `
local found = redis.call('HGET', KEYS[1], ARGV[1])
if not found or cjson.decode(found).joined then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`

/**
 * The calls that wait until a number's line is free. One may be said in the call that is under way: then it is never
 * placed. The outbound service lets them wait and takes them back; ingress, which is asked what is said next, joins them.
 */
export function createWaitingCalls(redis: RedisConnection) {
  const wait = createScript(redis, WAIT)
  const leave = createScript(redis, LEAVE)
  const join = createScript(redis, JOIN)
  return {
    /** Once, however often it is said. Of the step of an alert only: nothing else is said in calls. */
    async wait({ id, to, text, call, about }: OutboundMessage, now: number): Promise<void> {
      if (!call || about?.kind !== 'alert') return
      const waiting: WaitingCall = { messageId: id, text, step: about.step, call, since: now }
      await wait(keys.waitingCalls(to), id, JSON.stringify(waiting), KEPT_SECONDS)
    },
    /** The leg of the call that it has joined. */
    async joinedLeg(number: string, messageId: string): Promise<string | undefined> {
      const found = await redis.hget(keys.waitingCalls(number), messageId)
      return found === null ? undefined : parse(found).joined?.leg
    },
    /** Waits no longer, unless it has joined a call: then the leg of that. */
    async leave(number: string, messageId: string): Promise<string | undefined> {
      const leg = await leave(keys.waitingCalls(number), messageId)
      return typeof leg === 'string' ? leg : undefined
    },
    /** Those that wait for a number, and those that have joined a call with it; oldest first. */
    async list(number: string): Promise<WaitingCall[]> {
      const found = await redis.hvals(keys.waitingCalls(number))
      const calls = found.map(parse)
      return calls.toSorted((a, b) => a.since - b.since)
    },
    /** False when it no longer waits. */
    async join(number: string, waiting: WaitingCall, joined: { leg: string; after: string }): Promise<boolean> {
      const value = JSON.stringify({ ...waiting, joined })
      return (await join(keys.waitingCalls(number), waiting.messageId, value)) === 1
    },
  }
}

/** What stands for the id of a message at the provider when it had no call of its own. */
export function uuidInCall(leg: string, messageId: string): string {
  return `${leg}.${messageId}`
}

function parse(json: string): WaitingCall {
  return waitingCall.parse(JSON.parse(json))
}
