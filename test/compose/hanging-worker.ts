import { hostname } from 'node:os'

import { defineQueue } from '@switchboard/contracts'
import { createProducer, startWorker } from '@switchboard/queue'
import { commonEnvironment, openRedis, redisEnvironment, runService } from '@switchboard/runtime'
import { z } from 'zod'

/** Mounted into a container of the image: a worker whose first job never ends, until it has been started again. */
const queue = defineQueue({
  name: 'hanging-test',
  schema: z.object({ id: z.string(), run: z.string() }),
  jobId: ({ id, run }) => `${id}-${run}`,
  retry: { attempts: 5, firstDelayMs: 100 },
})
const configSchema = z.object({ ...commonEnvironment, ...redisEnvironment })

await runService('hanging-worker', configSchema, process.env, async ({ config, log, health, stack }) => {
  const redis = stack.use(openRedis({ config, log, health }))
  // A container keeps its host name when it is started again.
  const run = hostname()
  const isFirstStart = (await redis.set(`sb:test:hanging-worker:${run}`, 'started', 'EX', 3_600, 'NX')) === 'OK'
  const producer = stack.use(createProducer(queue, redis))
  const handler = async ({ id }: { id: string }) => {
    log.info({ id }, 'test.taken')
    if (isFirstStart) await new Promise(() => undefined)
    log.info({ id }, 'test.done')
  }
  stack.use(startWorker(queue, handler, { redis, log, health, concurrency: 1 }))
  if (isFirstStart) for (const id of ['one', 'two']) await producer.enqueue({ id, run })
})
