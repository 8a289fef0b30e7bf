import { setTimeout as wait } from 'node:timers/promises'

import { defineQueue } from '@switchboard/contracts'
import { createProducer, startWorker } from '@switchboard/queue'
import { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { z } from 'zod'

import { eventually } from '../support/eventually.ts'
import { openTestRedis } from '../support/redis.ts'

const contract = defineQueue({
  name: 'test-stopping',
  workedBy: 'outbound',
  schema: z.object({ id: z.string() }),
  jobId: ({ id }) => id,
  retry: { attempts: 1, firstDelayMs: 10 },
})
const none = () => undefined
const log = { info: none, warn: none, error: none }

it('a handler that waits hears that its process is asked to stop, gives up at once, and the job comes again as if it had not been tried', async () => {
  await using redis = await openTestRedis()
  await using stack = new AsyncDisposableStack()
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
  stack.defer(() => connection.disconnect())
  const attempts: number[] = []
  const asked = new AbortController()
  const first = startWorker(
    contract,
    async (_work, { attempt, signal }) => {
      attempts.push(attempt)
      await wait(600_000, undefined, { signal })
    },
    { redis: connection, log, signal: asked.signal },
  )
  await stack.use(createProducer(contract, redis.client)).enqueue({ id: 'a' })
  await eventually(() => expect(attempts).toEqual([1]))
  asked.abort()
  // It would wait for ten minutes.
  await first[Symbol.asyncDispose]()

  const again: number[] = []
  stack.use(startWorker(contract, async (_work, { attempt }) => void again.push(attempt), { redis: connection, log }))
  await eventually(() => expect(again).toEqual([1]))
})
