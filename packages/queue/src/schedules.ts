import type { QueueContract } from '@switchboard/contracts'
import { Queue } from 'bullmq'

import { queuePrefix } from './connection.ts'
import type { RedisConnection } from './connection.ts'

export interface Schedules<Payload> extends AsyncDisposable {
  /** Makes the scheduled jobs exactly these: adds and changes what differs, removes what is no longer named. */
  replaceAll(wanted: { id: string; everyMs: number; payload: Payload }[]): Promise<void>
}

/** Jobs of a queue that come again and again. Several replicas may set the same schedules: they are kept once. */
export function createSchedules<Payload>(
  contract: QueueContract<string, Payload>,
  redis: RedisConnection,
): Schedules<Payload> {
  const queue = new Queue(contract.name, {
    connection: redis,
    prefix: queuePrefix(contract.name),
    skipVersionCheck: true,
  })
  queue.on('error', () => undefined)
  const opts = {
    attempts: contract.retry.attempts,
    removeOnComplete: { age: contract.keepCompletedSeconds ?? 3_600 },
    removeOnFail: { age: 86_400 },
  }
  return {
    async replaceAll(wanted) {
      const current = await queue.getJobSchedulers(0, -1)
      const names = new Set(wanted.map(({ id }) => id))
      for (const { key } of current) if (!names.has(key)) await queue.removeJobScheduler(key)
      for (const { id, everyMs, payload } of wanted) {
        const existing = current.find(({ key }) => key === id)
        // Upserting an unchanged schedule would start its interval anew at every restart.
        if (existing?.every === everyMs) continue
        await queue.upsertJobScheduler(
          id,
          { every: everyMs },
          { name: contract.name, data: contract.schema.parse(payload), opts },
        )
      }
    },
    async [Symbol.asyncDispose]() {
      await queue.close()
    },
  }
}
