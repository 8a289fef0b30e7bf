import { outboundQueues } from '@switchboard/contracts'
import { queuePrefix } from '@switchboard/queue'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'

/** As BullMQ keeps them: messages that failed one after the other, the oldest an hour ago. Every third for another reason. */
export async function fillFailed(client: Redis, count: number, now: number): Promise<void> {
  const { name } = outboundQueues.sms
  const queue = new Queue(name, { connection: client, prefix: queuePrefix(name) })
  const pipeline = client.pipeline()
  for (let index = 0; index < count; index += 1) {
    const id = `failed-${index}`
    const failedAt = now - 3_600_000 + index
    const message = { id, channel: 'sms', to: '447700900010', text: 'x'.repeat(160), purpose: 'reply', createdAt: now }
    pipeline.hset(queue.toKey(id), {
      name,
      data: JSON.stringify(message),
      opts: JSON.stringify({ attempts: 5 }),
      timestamp: failedAt,
      finishedOn: failedAt,
      atm: 5,
      failedReason: index % 3 === 0 ? `1320: ${index} has no such number` : `1010: account ${index} is closed`,
      stacktrace: JSON.stringify([`Error: ${'at a line of code\n'.repeat(10)}`]),
    })
    pipeline.zadd(queue.toKey('failed'), failedAt, id)
  }
  await pipeline.exec()
  await queue.close()
}
