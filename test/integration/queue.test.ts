import { setTimeout as wait } from 'node:timers/promises'

import { defineQueue, PermanentError, PostponedError, RateLimitedError } from '@switchboard/contracts'
import type { RetryPolicy } from '@switchboard/contracts'
import { createProducer, createSchedules, queuePrefix, startWorker } from '@switchboard/queue'
import type { Handler, JobContext, WorkerDeps } from '@switchboard/queue'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { eventually, inThreeTries } from '../support/eventually.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

interface Work {
  id: string
  urgency?: number | undefined
}

const soon: RetryPolicy = { attempts: 3, firstDelayMs: 10 }
const contract = defineQueue({
  name: 'test-work',
  workedBy: 'outbound',
  schema: z.object({ id: z.string().max(20), urgency: z.number().optional() }),
  jobId: (work: Work) => `job-${work.id}`,
  retry: soon,
  priority: (work) => work.urgency ?? 9,
})

let redis: TestRedis
let workerRedis: Redis
let queue: Queue
let stack: AsyncDisposableStack

beforeAll(async () => {
  redis = await openTestRedis()
  workerRedis = new Redis(redis.url, { maxRetriesPerRequest: null })
  queue = new Queue(contract.name, { connection: redis.client, prefix: queuePrefix(contract.name) })
})
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  await redis.flush()
})
afterEach(() => stack.disposeAsync())
afterAll(async () => {
  await queue.close()
  workerRedis.disconnect()
  await redis[Symbol.asyncDispose]()
})

const producer = () => stack.use(createProducer(contract, redis.client))

const ignore = () => undefined

function work(handler: Handler<Work>, options: Partial<WorkerDeps> = {}) {
  const endings: string[] = []
  const worker = startWorker(contract, handler, {
    redis: workerRedis,
    log: { info: ignore, warn: ignore, error: ignore },
    observe: ({ ending }) => void endings.push(ending),
    concurrency: 1,
    ...options,
  })
  stack.use(worker)
  return endings
}

async function state(id: string) {
  return (await queue.getJob(`job-${id}`))?.getState()
}

const schedules = () => stack.use(createSchedules(contract, redis.client))
const every = (id: string, everyMs: number) => ({ id, everyMs, payload: { id } })

async function listSchedules() {
  const all = await queue.getJobSchedulers(0, -1, true)
  return all.map(({ key, every: everyMs }) => `${key} ${everyMs}`).toSorted()
}

describe('a producer', () => {
  it('adds a job once, whether one by one, at the same time, or in bulk', async () => {
    const jobs = producer()
    await Promise.all([jobs.enqueue({ id: 'a' }), jobs.enqueue({ id: 'a' }), jobs.enqueue({ id: 'b' })])
    await jobs.enqueueMany([{ id: 'a' }, { id: 'c' }, { id: 'c' }])
    await jobs.enqueue({ id: 'a' })
    expect(await queue.getJobCountByTypes('waiting', 'prioritized')).toBe(3)
  })

  it('refuses an invalid payload, alone', async () => {
    const jobs = producer()
    const results = await Promise.allSettled([
      jobs.enqueue({ id: 'a' }),
      jobs.enqueue({ id: 'a name that is far too long' }),
      jobs.enqueue({ id: 'b' }),
    ])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await queue.getJobCountByTypes('waiting', 'prioritized')).toBe(2)
  })

  it('has nothing to do for no jobs', async () => {
    await producer().enqueueMany([])
  })

  it('fails when Redis is away instead of waiting for it', inThreeTries, async () => {
    const away = new Redis({ host: '127.0.0.1', port: 1, maxRetriesPerRequest: 0, enableOfflineQueue: false })
    away.on('error', () => undefined)
    stack.defer(() => away.disconnect())
    const jobs = stack.use(createProducer(contract, away))
    const from = performance.now()
    const results = await Promise.allSettled([jobs.enqueue({ id: 'a' }), jobs.enqueue({ id: 'b' })])
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected'])
    expect(performance.now() - from).toBeLessThan(1_500)
  })

  it('knows a delayed job by its id, and takes it back', async () => {
    const jobs = producer()
    await jobs.enqueue({ id: 'a' }, { delayMs: 60_000 })
    expect(await jobs.isPending('job-a')).toBe(true)
    await jobs.remove('job-a')
    await jobs.remove('job-a')
    expect(await jobs.isPending('job-a')).toBe(false)
  })
})

describe('a worker', () => {
  it('takes the urgent first, and those of the same urgency in their order', async () => {
    const done: string[] = []
    await producer().enqueueMany([
      { id: 'feed-1', urgency: 3 },
      { id: 'reply-1', urgency: 2 },
      { id: 'feed-2', urgency: 3 },
      { id: 'alert', urgency: 1 },
      { id: 'reply-2', urgency: 2 },
    ])
    work(async ({ id }) => void done.push(id))
    await eventually(() => expect(done).toEqual(['alert', 'reply-1', 'reply-2', 'feed-1', 'feed-2']))
  })

  it('tells the handler which try it is, and when the job was due', inThreeTries, async () => {
    const contexts: JobContext[] = []
    const from = Date.now()
    await producer().enqueue({ id: 'a' }, { delayMs: 50 })
    const endings = work(async (_, context) => {
      contexts.push(context)
      if (contexts.length < 3) throw new Error('not yet')
    })
    await eventually(() => expect(endings).toEqual(['retried', 'retried', 'completed']))
    expect(contexts).toMatchObject([
      { jobId: 'job-a', attempt: 1, isLastAttempt: false },
      { attempt: 2, isLastAttempt: false },
      { attempt: 3, isLastAttempt: true },
    ])
    expect(contexts[0]!.dueAt - from).toBeGreaterThanOrEqual(50)
    expect(contexts[0]!.dueAt - from).toBeLessThan(150)
  })

  it('is on time with delayed jobs, not by the second', inThreeTries, async () => {
    const lateness: number[] = []
    work(async () => undefined, { observe: ({ latenessMs }) => void lateness.push(latenessMs) })
    const jobs = producer()
    for (const delayMs of [120, 230, 340]) await jobs.enqueue({ id: `${delayMs}` }, { delayMs })
    await eventually(() => expect(lateness).toHaveLength(3))
    expect(Math.max(...lateness)).toBeLessThan(300)
  })

  it('keeps a job that failed for good, at once, with the reason', async () => {
    await producer().enqueue({ id: 'a' })
    const endings = work(() => Promise.reject(new PermanentError('no such number')))
    await eventually(async () => expect(await state('a')).toBe('failed'))
    expect((await queue.getJob('job-a'))?.failedReason).toBe('no such number')
    expect(endings).toEqual(['failed'])
  })

  it('keeps a job whose tries are used up', async () => {
    await producer().enqueue({ id: 'a' })
    const endings = work(() => Promise.reject(new Error('away')))
    await eventually(async () => expect(await state('a')).toBe('failed'))
    expect(endings).toEqual(['retried', 'retried', 'retried'])
  })

  it('fails a payload of another shape once and goes on with the next', async () => {
    const done: string[] = []
    await queue.add('poison', { id: 7 }, { jobId: 'job-poison', attempts: 3 })
    await producer().enqueue({ id: 'b' })
    work(async ({ id }) => void done.push(id))
    await eventually(() => expect(done).toEqual(['b']))
    expect(await state('poison')).toBe('failed')
    expect((await queue.getJob('job-poison'))?.attemptsMade).toBe(1)
  })

  it('pauses the whole queue where one limit is shared, without using up tries', async () => {
    const runs: { id: string; at: number }[] = []
    await producer().enqueueMany([{ id: 'a' }, { id: 'b' }])
    const handler: Handler<Work> = async ({ id }) => {
      runs.push({ id, at: performance.now() })
      if (runs.length < 5) throw new RateLimitedError('slow down', 60)
    }
    const endings = work(handler, { pausesWhenRateLimited: true })
    await eventually(() => expect(endings.filter((ending) => ending === 'completed')).toHaveLength(2))
    for (let run = 1; run < 5; run += 1) expect(runs[run]!.at - runs[run - 1]!.at).toBeGreaterThan(50)
    expect(runs.slice(0, 5).map(({ id }) => id)).toEqual(['a', 'a', 'a', 'a', 'a'])
  })

  it('lets the urgent overtake while the queue is paused', async () => {
    const runs: string[] = []
    const jobs = producer()
    await jobs.enqueue({ id: 'feed', urgency: 3 })
    const handler: Handler<Work> = async ({ id }) => {
      runs.push(id)
      if (runs.length > 1) return
      await jobs.enqueue({ id: 'alert', urgency: 1 })
      throw new RateLimitedError('slow down', 100)
    }
    work(handler, { pausesWhenRateLimited: true })
    await eventually(() => expect(runs).toEqual(['feed', 'alert', 'feed']))
  })

  it('goes on when the pause is over, also where a worker had found nothing more to do', inThreeTries, async () => {
    const runs: number[] = []
    const begunAt = Date.now()
    const handler: Handler<Work> = async () => {
      runs.push(Date.now() - begunAt)
      // By now the others of this worker wait for a job.
      await wait(50)
      if (runs.length === 1) throw new RateLimitedError('slow down', 200)
    }
    work(handler, { pausesWhenRateLimited: true, concurrency: 5 })
    await producer().enqueue({ id: 'a', urgency: 3 })
    await eventually(() => expect(runs).toHaveLength(2))
    expect(runs[1]! - runs[0]!).toBeLessThan(1_000)
  })

  it('lets only a job wait that is postponed', async () => {
    const runs: string[] = []
    await producer().enqueueMany([{ id: 'a' }, { id: 'b' }])
    const endings: string[] = []
    const handler: Handler<Work> = async ({ id }) => {
      runs.push(id)
      if (runs.length === 1) throw new PostponedError('not yet', 80)
    }
    work(handler, { pausesWhenRateLimited: true, concurrency: 1, observe: ({ ending }) => void endings.push(ending) })
    await eventually(() => expect(runs).toEqual(['a', 'b', 'a']))
    expect(endings).toEqual(['postponed', 'completed', 'completed'])
    expect((await queue.getJob('job-a'))?.attemptsMade).toBe(1)
  })

  it('finishes what it has begun before it stops', async () => {
    let ended = false
    await producer().enqueue({ id: 'a' })
    const begun = Promise.withResolvers<void>()
    work(async () => {
      begun.resolve()
      await new Promise((resolve) => setTimeout(resolve, 150))
      ended = true
    })
    await begun.promise
    await stack.disposeAsync()
    stack = new AsyncDisposableStack()
    expect(ended).toBe(true)
    expect(await state('a')).toBe('completed')
  })
})

describe('schedules', () => {
  it('are exactly those that are wanted, after every start', async () => {
    await schedules().ensure([every('MSFT', 60_000), every('GOOGL', 60_000)])
    expect(await listSchedules()).toEqual(['GOOGL 60000', 'MSFT 60000'])
    await schedules().ensure([every('GOOGL', 30_000), every('AAPL', 60_000)])
    expect(await listSchedules()).toEqual(['AAPL 60000', 'GOOGL 30000'])
    await schedules().ensure([])
    expect(await listSchedules()).toEqual([])
    expect(await queue.getJobCountByTypes('delayed')).toBe(0)
  })

  it('are started again when they are gone, or their next job is', async () => {
    const kept = schedules()
    const wanted = [every('MSFT', 60_000), every('GOOGL', 60_000)]
    expect(await kept.ensure(wanted)).toEqual([])
    expect(await kept.ensure(wanted)).toEqual([])
    await queue.removeJobScheduler('MSFT')
    expect(await kept.ensure(wanted)).toEqual(['MSFT'])
    await redis.client.del(queue.toKey('wait'), queue.toKey('delayed'))
    expect(await kept.ensure(wanted)).toEqual(['MSFT', 'GOOGL'])
    expect(await kept.ensure(wanted)).toEqual([])
    expect(await queue.getJobCountByTypes('delayed', 'waiting')).toBe(2)
  })

  it('are kept once when two replicas start together', async () => {
    await Promise.all([1, 2].map(() => schedules().ensure([every('MSFT', 60_000)])))
    expect(await listSchedules()).toEqual(['MSFT 60000'])
    expect(await queue.getJobCountByTypes('delayed', 'waiting', 'prioritized')).toBe(1)
  })

  it('come at every slot, once, due at the slot; a restart does not move the slots', async () => {
    const due: number[] = []
    const wanted = [every('MSFT', 200)]
    await schedules().ensure(wanted)
    work(async (_, { dueAt }) => void due.push(dueAt))
    await eventually(() => expect(due.length).toBeGreaterThanOrEqual(2))
    await schedules().ensure(wanted)
    await eventually(() => expect(due.length).toBeGreaterThanOrEqual(5))
    const steps = due.slice(1).map((at, index) => at - due[index]!)
    // Whoever comes too late for a slot takes the next one.
    expect(steps.filter((step) => step <= 0 || step % 200 !== 0)).toEqual([])
  })
})

it('fails a job whose payload is not JSON at once, says so, and can be looked at', async () => {
  await queue.add('test-work', { id: 'a' }, { jobId: 'job-a', attempts: 3 })
  await redis.client.hset(queue.toKey('job-a'), 'data', '{"id":')
  const endings = work(() => expect.fail('It has no payload'))
  await expect.poll(() => endings).toEqual(['failed'])
  await expect.poll(() => state('a')).toBe('failed')
  const [job] = await queue.getJobs(['failed'])
  expect(job).toMatchObject({ data: { notJson: '{"id":' }, failedReason: 'The payload of test-work job-a is not JSON' })
})
