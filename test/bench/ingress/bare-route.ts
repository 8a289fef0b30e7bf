// The baseline: a Fastify route that adds one job and checks nothing.
import { Queue } from 'bullmq'
import { fastify } from 'fastify'
import { Redis } from 'ioredis'
import { z } from 'zod'

const [redisUrl = ''] = process.argv.slice(2)
const queue = new Queue('bare', { connection: new Redis(redisUrl), prefix: '{bare}' })
const app = fastify()
const body = z.object({ message_uuid: z.string() })
app.post('/webhooks/inbound', async (request, reply) => {
  const { message_uuid: uuid } = body.parse(request.body)
  await queue.add('inbound', request.body, { jobId: uuid })
  return reply.code(200).send()
})
const url = await app.listen({ port: 0, host: '127.0.0.1' })
process.on('message', () => process.send?.(url))
process.send?.('ready')
