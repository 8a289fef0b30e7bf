import { hostname } from 'node:os'

import { defineQueue } from '@switchboard/contracts'
import { createProducer, startWorker } from '@switchboard/queue'
import { commonEnvironment, openRedis, redisEnvironment, runService } from '@switchboard/runtime'
import { z } from 'zod'

/**
 * Mounted into a container of the image: a worker of two jobs that hangs in the first one until it has been started
 * again. `stuck`: that job never ends; `silent`: the whole process stands still, as in an endless loop.
 */
const kind = z.enum(['stuck', 'silent']).parse(process.argv[2])
const queue = defineQueue({
  name: `${kind}-test`,
  workedBy: 'outbound',
  schema: z.object({ id: z.string(), run: z.string() }),
  jobId: ({ id, run }) => `${id}-${run}`,
  retry: { attempts: 5, firstDelayMs: 100 },
})
const configSchema = z.object({ ...commonEnvironment, ...redisEnvironment })

await runService(
  `${kind}-worker`,
  configSchema,
  process.env,
  async ({ config, log, health, stack, stopping, clock }) => {
    const redis = stack.use(await openRedis({ config, log, health, stopping, clock }))
    // A container keeps its host name when it is started again.
    const run = hostname()
    const isFirstStart = (await redis.set(`sb:test:${run}`, 'started', 'EX', 3_600, 'NX')) === 'OK'
    const producer = stack.use(createProducer(queue, redis))
    const handler = async ({ id }: { id: string }) => {
      log.info({ id }, 'test.taken')
      if (isFirstStart && kind === 'silent') process.kill(process.pid, 'SIGSTOP')
      if (isFirstStart) await new Promise(() => undefined)
      log.info({ id }, 'test.done')
    }
    if (isFirstStart) for (const id of ['one', 'two']) await producer.enqueue({ id, run })
    stack.use(startWorker(queue, handler, { redis, log, health, concurrency: 1 }))
  },
)
