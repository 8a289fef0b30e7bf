import { queues } from '@switchboard/contracts'
import type { QueueName } from '@switchboard/contracts'
import type { Queue } from 'bullmq'

import type { RedisConnection } from './connection.ts'
import { openQueue } from './open-queue.ts'

export interface OpenQueues extends AsyncDisposable {
  readonly byName: ReadonlyMap<QueueName, Queue>
}

/** Every queue of the contracts, to look at and to repair: for the console. */
export function openQueues(redis: RedisConnection): OpenQueues {
  const byName = new Map(queues.map(({ name }) => [name, openQueue(name, redis)]))
  return {
    byName,
    async [Symbol.asyncDispose]() {
      await Promise.all([...byName.values()].map((queue) => queue.close()))
    },
  }
}

/** Lets every job that waits for its time in a queue run now. One that has a time of its own waits on. */
export async function wakeDelayed({ byName }: Pick<OpenQueues, 'byName'>, name: QueueName): Promise<void> {
  await byName.get(name)?.promoteJobs({ count: WAKE_PAGE })
}

const WAKE_PAGE = 1_000
