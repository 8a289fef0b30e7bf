import { createHash } from 'node:crypto'

import { alertChannel, contactId } from '@switchboard/contracts'
import type { AlertChannel, Recipient, SenderUsage } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

const DAY_MS = 86_400_000
/** Into the next day: a replica may write late. */
const KEPT_SECONDS = 2 * 86_400
/** Money is added up in whole numbers. */
const MICROS = 1_000_000

const field = z.tuple([alertChannel, z.string(), z.enum(['messages', 'spend'])])

export type Usage = ReturnType<typeof createUsage>

/** What senders and subscribers have had of their day (UTC). */
export function createUsage(redis: RedisConnection) {
  return {
    async add(at: number, used: SenderUsage[]): Promise<void> {
      const key = keys.usage(dayOf(at))
      const adding = used.flatMap(({ channel: on, sender, messages, spend }) => [
        redis.hincrby(key, fieldOf(on, sender, 'messages'), messages),
        redis.hincrby(key, fieldOf(on, sender, 'spend'), Math.round(spend * MICROS)),
      ])
      await Promise.all([...adding, redis.expire(key, KEPT_SECONDS)])
    },
    /** Of every sender that sent something on the day of this moment. */
    async ofDay(at: number): Promise<SenderUsage[]> {
      const bySender = new Map<string, SenderUsage>()
      for (const [name, value] of Object.entries(await redis.hgetall(keys.usage(dayOf(at))))) {
        const [on, sender, counted] = field.parse(JSON.parse(name))
        const id = JSON.stringify([on, sender])
        const usage = bySender.get(id) ?? { channel: on, sender, messages: 0, spend: 0 }
        const amount = counted === 'spend' ? Number(value) / MICROS : Number(value)
        bySender.set(id, { ...usage, [counted]: amount })
      }
      return [...bySender.values()]
    },
    /** How many updates a subscriber has been sent on the day of this moment. */
    updatesTo: async (recipient: Recipient, at: number): Promise<number> =>
      Number((await redis.get(updatesKey(recipient, at))) ?? 0),
    async countUpdate(recipient: Recipient, at: number): Promise<void> {
      const key = updatesKey(recipient, at)
      await Promise.all([redis.incr(key), redis.expire(key, KEPT_SECONDS)])
    },
  }
}

/** Days since 1970. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}

function updatesKey(recipient: Recipient, at: number): string {
  return keys.updates(dayOf(at), hashOf(contactId(recipient)))
}

function fieldOf(on: AlertChannel, sender: string, counted: 'messages' | 'spend'): string {
  return JSON.stringify([on, sender, counted])
}

/** No address stays behind when its person is erased. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
