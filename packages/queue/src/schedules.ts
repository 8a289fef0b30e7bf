import type { QueueContract } from '@switchboard/contracts'

import type { RedisConnection } from './connection.ts'
import { openQueue } from './open-queue.ts'

export interface Schedule<Payload> {
  id: string
  everyMs: number
  payload: Payload
}

export interface Schedules<Payload> extends AsyncDisposable {
  /**
   * Makes the scheduled jobs exactly these: adds and changes what differs, removes what is no longer named. To be called
   * again and again: a schedule lives on only as long as its next job does. Returns the ids of those that had been there
   * before and had stopped.
   */
  ensure(wanted: Schedule<Payload>[]): Promise<string[]>
}

/** The next job of a schedule is due at its slot. After that, and so much more, it should have been taken. */
const LATE_MS = 10_000

/** Jobs of a queue that come again and again. Several replicas may set the same schedules: they are kept once. */
export function createSchedules<Payload>(
  contract: QueueContract<string, Payload>,
  redis: RedisConnection,
): Schedules<Payload> {
  const queue = openQueue(contract.name, redis, { skipWaitingForReady: false, skipMetasUpdate: false })
  const opts = {
    // The next one is the second try.
    attempts: 1,
    removeOnComplete: { age: contract.keepCompletedSeconds ?? 3_600 },
    removeOnFail: { age: 86_400 },
  }
  /** Those that this process has seen alive. */
  const known = new Set<string>()
  /** Whether its next job is there, or has just been. */
  const isAlive = async ({ key, next }: { key: string; next?: number }) => {
    if (next === undefined) return false
    const state = await queue.getJobState(`repeat:${key}:${next}`)
    if (state === 'unknown') return false
    return (state !== 'completed' && state !== 'failed') || next + LATE_MS > Date.now()
  }
  return {
    async ensure(wanted) {
      const current = await queue.getJobSchedulers(0, -1)
      const names = new Set(wanted.map(({ id }) => id))
      for (const { key } of current) if (!names.has(key)) await queue.removeJobScheduler(key)
      const healed: string[] = []
      for (const { id, everyMs, payload } of wanted) {
        const existing = current.find(({ key }) => key === id)
        // Upserting an unchanged schedule would start its interval anew at every restart.
        const isWell = existing?.every === everyMs && (await isAlive(existing))
        if (!isWell) {
          const job = { name: contract.name, data: contract.schema.parse(payload), opts }
          await queue.upsertJobScheduler(id, { every: everyMs }, job)
          if (known.has(id)) healed.push(id)
        }
        known.add(id)
      }
      return healed
    },
    async [Symbol.asyncDispose]() {
      await queue.close()
    },
  }
}
