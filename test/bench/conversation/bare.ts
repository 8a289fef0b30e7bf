// The baseline: a route that adds one job, and a worker that answers it. Nothing is verified, nothing kept, nothing known.
import { Queue, Worker } from 'bullmq'
import { fastify } from 'fastify'
import { Redis } from 'ioredis'
import { Pool } from 'undici'
import { z } from 'zod'

const [redisUrl = '', vonageUrl = ''] = process.argv.slice(2)
const CONCURRENCY = 20
const queue = new Queue('bare', { connection: new Redis(redisUrl), prefix: '{bare}' })
const inbound = z.object({ message_uuid: z.string(), from: z.string() })

const pool = new Pool(vonageUrl, { connections: CONCURRENCY })
const worker = new Worker<z.infer<typeof inbound>>(
  'bare',
  async ({ data: { from } }) => {
    const reply = { channel: 'whatsapp', message_type: 'text', from: '447700900001', to: from, text: 'Hello.' }
    const headers = { 'content-type': 'application/json' }
    const answer = await pool.request({ method: 'POST', path: '/v1/messages', headers, body: JSON.stringify(reply) })
    await answer.body.json()
  },
  {
    connection: new Redis(redisUrl, { maxRetriesPerRequest: null }),
    prefix: '{bare}',
    concurrency: CONCURRENCY,
    removeOnComplete: { count: 0 },
  },
)
await worker.waitUntilReady()

const app = fastify()
app.post('/webhooks/inbound', async (request, reply) => {
  const { message_uuid: uuid, from } = inbound.parse(request.body)
  await queue.add('inbound', { message_uuid: uuid, from }, { jobId: uuid })
  return reply.code(200).send()
})
const url = await app.listen({ port: 0, host: '127.0.0.1' })
process.on('message', () => process.send?.(url))
process.send?.('ready')
