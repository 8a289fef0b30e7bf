// The baseline: one job per message, added one after the other; a worker posts each and checks nothing.
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { Pool } from 'undici'
import { z } from 'zod'

const [redisUrl = '', vonageUrl = '', role] = process.argv.slice(2)
const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
const CONCURRENCY = 20

if (role === 'worker') {
  const pool = new Pool(vonageUrl, { connections: CONCURRENCY })
  const headers = { 'content-type': 'application/json' }
  const worker = new Worker<{ body: string }>(
    'naive',
    async (job) => {
      const answer = await pool.request({ method: 'POST', path: '/v1/messages', headers, body: job.data.body })
      await answer.body.json()
    },
    { connection, concurrency: CONCURRENCY, removeOnComplete: { count: 0 } },
  )
  await worker.waitUntilReady()
} else {
  const queue = new Queue('naive', { connection })
  const request = z.object({ count: z.number(), round: z.number() })
  const addAll = async ({ count, round }: z.infer<typeof request>) => {
    for (let index = 0; index < count; index += 1) {
      const message = {
        channel: 'sms',
        message_type: 'text',
        to: `4477${10_000_000 + index}`,
        from: '447700900000',
        text: 'MSFT 420.00',
        client_ref: `naive-${round}-${index}`,
      }
      await queue.add('send', { body: JSON.stringify(message) })
    }
    process.send?.('added')
  }
  process.on('message', (message) => void addAll(request.parse(message)))
}
process.send?.('ready')
