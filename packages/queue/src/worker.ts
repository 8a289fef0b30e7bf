import { PermanentError } from '@switchboard/contracts'
import type { JobEnding, JobObservation, Log, QueueContract } from '@switchboard/contracts'
import { DelayedError, UnrecoverableError, Worker } from 'bullmq'
import type { Job, Queue } from 'bullmq'

import { createBackoff } from './backoff.ts'
import { queuePrefix } from './connection.ts'
import type { RedisConnection } from './connection.ts'
import { classifyFailure } from './job-outcome.ts'
import type { FailureKind } from './job-outcome.ts'
import { assertReadable, BLOCK_SECONDS, JobWorker } from './job-worker.ts'
import { openQueue } from './open-queue.ts'
import { createProgressWatch } from './progress-watch.ts'
import { telemetryOption } from './telemetry.ts'

/** What a handler knows about the job it works. */
export interface JobContext {
  jobId: string
  /** 1 for the first try. */
  attempt: number
  isLastAttempt: boolean
  /** Milliseconds: when the job was meant to run (now, for a job without delay). */
  dueAt: number
  /** Aborted when the worker stops: what waits gives up, and the job comes again. */
  signal: AbortSignal
}

export interface Remember<Payload> {
  /**
   * Keeps what a job has found out where it is found again when the job is worked again. The first one counts: resolves
   * to what was kept, which may be another worker's.
   */
  remember: (payload: Payload) => Promise<Payload>
}

export type Handler<Payload> = (payload: Payload, context: JobContext & Remember<Payload>) => Promise<void>

export interface WorkerDeps {
  redis: RedisConnection
  log: Log<'info' | 'warn' | 'error'>
  concurrency?: number
  /** For queues that share one limited resource: a RateLimitedError pauses the whole queue. */
  pausesWhenRateLimited?: boolean
  health?: { addLiveness(name: string, check: () => string | undefined, sample: () => Promise<void>): void }
  /** Aborted when the process is asked to stop: all its workers stop taking jobs at once, whatever they wait for. */
  signal?: AbortSignal
  observe?: (job: JobObservation) => void
}

/** Works one queue. The payload is parsed again: the sender may be an older deploy. */
export function startWorker<Payload>(
  contract: QueueContract<string, Payload>,
  handler: Handler<Payload>,
  deps: WorkerDeps,
): AsyncDisposable {
  const { redis, log, concurrency = 10, pausesWhenRateLimited = false, health } = deps
  // BullMQ must know the version of Redis: not knowing it, it would sleep in whole seconds and be late by up to one.
  const connection = { connection: redis, prefix: queuePrefix(contract.name) }
  const queue = openQueue(contract.name, redis)
  const watch = createProgressWatch(countingQueue(queue, redis), Date.now)
  const stopping = new AbortController()
  const processor = createProcessor(contract, handler, { ...deps, queue, watch, signal: stopping.signal })
  const worker = new JobWorker(contract.name, processor, {
    ...connection,
    ...telemetryOption(),
    concurrency,
    drainDelay: BLOCK_SECONDS,
    // A Redis that refuses (full, in the middle of a failover) is asked again as soon as it may be well.
    runRetryDelay: 1_000,
    // Without a limiter BullMQ ignores queue.rateLimit; this one is too wide to matter by itself.
    ...(pausesWhenRateLimited ? { limiter: { max: 1_000_000, duration: 1_000 } } : {}),
    ...retention(contract),
    settings: { backoffStrategy: createBackoff(contract.retry) },
    // A worker that was killed gives its jobs back within half a minute, however often that happens.
    lockDuration: 20_000,
    stalledInterval: 10_000,
    maxStalledCount: 10,
    // Jobs per minute, for the console.
    metrics: { maxDataPoints: 60 },
  })
  worker.on('failed', (job, error) => {
    const isFinal = !job || job.attemptsMade >= (job.opts.attempts ?? 1) || error instanceof UnrecoverableError
    const fields = { queue: contract.name, jobId: job?.id, attempt: job?.attemptsMade, reason: error.message }
    if (isFinal) log.error(fields, 'job.failed')
    else log.warn(fields, 'job.retried')
  })
  worker.on('stalled', (jobId) => log.warn({ queue: contract.name, jobId }, 'job.stalled'))
  // The connection logs its own errors; without a listener BullMQ's copy of them would end the process.
  worker.on('error', () => watch.refused())
  health?.addLiveness(
    contract.name,
    () => watch.problem(),
    () => watch.look(),
  )
  const stop = () => {
    stopping.abort()
    // BullMQ would wait for a connection that is away, even with nothing to finish.
    return worker.close(redis.status !== 'ready' && watch.running() === 0)
  }
  const stopNow = () => void stop()
  deps.signal?.addEventListener('abort', stopNow)

  return {
    async [Symbol.asyncDispose]() {
      deps.signal?.removeEventListener('abort', stopNow)
      await stop()
      await queue.close()
    },
  }
}

/** BullMQ keeps the due time of a delayed job in the upper bits of its score. */
const SCORE_PER_MS = 4_096

function countingQueue(queue: Queue, redis: RedisConnection) {
  return {
    getJobCounts: (...states: ('waiting' | 'prioritized')[]) => queue.getJobCounts(...states),
    countOverdue: (dueBefore: number) => redis.zcount(queue.toKey('delayed'), 0, dueBefore * SCORE_PER_MS),
    isPaused: () => queue.isPaused(),
    getRateLimitTtl: () => queue.getRateLimitTtl(),
  }
}

/** A failed job is the dead letter: kept long enough for somebody to look. */
const FAILED_KEPT_SECONDS = 14 * 86_400

function retention<Payload>(contract: QueueContract<string, Payload>) {
  const { keepCompletedSeconds, keepCompletedCount, keepFailedCount } = contract
  return {
    removeOnComplete: {
      age: keepCompletedSeconds ?? 3_600,
      ...(keepCompletedCount === undefined ? {} : { count: keepCompletedCount }),
    },
    removeOnFail: {
      age: FAILED_KEPT_SECONDS,
      ...(keepFailedCount === undefined ? {} : { count: keepFailedCount }),
    },
  }
}

/** Clocks agree to some hundredths of a second. */
const EARLY_MS = 500

interface ProcessorDeps extends WorkerDeps {
  signal: AbortSignal
  queue: Pick<Queue, 'rateLimit' | 'toKey'>
  watch: ReturnType<typeof createProgressWatch>
}

/** Runs the handler and turns its ending into the one BullMQ knows. */
function createProcessor<Payload>(
  contract: QueueContract<string, Payload>,
  handler: Handler<Payload>,
  { redis, queue, watch, signal, observe, pausesWhenRateLimited }: ProcessorDeps,
) {
  return async (job: Job, token?: string): Promise<void> => {
    const giveBackUntil = async (at: number): Promise<never> => {
      await job.moveToDelayed(at, token)
      throw new DelayedError()
    }
    // BullMQ may hand over one more while it closes.
    if (signal.aborted) return giveBackUntil(Date.now())
    watch.taken()
    const startedAt = Date.now()
    const dueAt = dueTime(job)
    if (dueAt - startedAt > EARLY_MS) {
      // Another worker took its own clock for ours, or a person could not wait.
      watch.finished()
      return giveBackUntil(dueAt)
    }
    const end = (ending: JobEnding, wait: { waitMs?: number } = {}) => {
      watch.finished()
      const durationMs = Date.now() - startedAt
      observe?.({ queue: contract.name, ending, durationMs, latenessMs: startedAt - dueAt, ...wait })
    }
    try {
      await assertReadable(job)
      await handler(parsePayload(contract, job), {
        jobId: job.id ?? '',
        attempt: job.attemptsMade + 1,
        isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
        dueAt,
        signal,
        remember: (payload) => remember(contract, job, payload, { redis, queue }),
      })
      end('completed')
    } catch (error) {
      const failure = signal.aborted ? stopped(classifyFailure(error)) : classifyFailure(error)
      end(endings[failure.kind], failure.kind === 'rate-limited' ? { waitMs: failure.retryAfterMs } : {})
      if (failure.kind === 'permanent') throw new UnrecoverableError(failure.reason)
      if (failure.kind === 'retry') throw error
      if (failure.kind === 'rate-limited' && pausesWhenRateLimited) {
        await queue.rateLimit(failure.retryAfterMs)
        await wakeWaiting(queue, redis)
        throw Worker.RateLimitError()
      }
      return giveBackUntil(Date.now() + (failure.kind === 'postponed' ? failure.delayMs : failure.retryAfterMs))
    }
  }
}

/** What fails because its worker stops has not been tried: it comes again, as the attempt that it was. */
function stopped(failure: FailureKind): FailureKind {
  return failure.kind === 'retry' ? { kind: 'postponed', delayMs: 0 } : failure
}

/**
 * BullMQ gives a rate-limited job that has a priority back without a marker: a worker that waits for one, having found
 * nothing more to do, would sleep on for up to 5 s after the pause. Woken, it sees the pause and waits for its end.
 */
async function wakeWaiting(queue: Pick<Queue, 'toKey'>, redis: RedisConnection): Promise<void> {
  await redis.zadd(queue.toKey('marker'), 0, '0')
}

function parsePayload<Payload>(contract: QueueContract<string, Payload>, job: Job): Payload {
  const parsed = contract.schema.safeParse(job.data)
  if (parsed.success) return parsed.data
  throw new PermanentError(`The payload of ${contract.name} ${job.id} is not valid: ${parsed.error.message}`)
}

/** Changes the data of a job, unless somebody has; answers what is there then. */
const CHANGE_DATA = `
local current = redis.call('HGET', KEYS[1], 'data')
if current == ARGV[1] then redis.call('HSET', KEYS[1], 'data', ARGV[2]) return ARGV[2] end
return current`

async function remember<Payload>(
  { schema }: QueueContract<string, Payload>,
  { id = '', data }: Job,
  payload: Payload,
  { redis, queue }: { redis: RedisConnection; queue: Pick<Queue, 'toKey'> },
): Promise<Payload> {
  const next = JSON.stringify(schema.parse(payload))
  const kept = await redis.eval(CHANGE_DATA, 1, queue.toKey(id), JSON.stringify(data), next)
  if (typeof kept !== 'string') throw new Error(`The job ${id} is gone`)
  return schema.parse(JSON.parse(kept))
}

function dueTime(job: Job): number {
  // A scheduler's job carries its slot; any other is due its delay after it was added.
  return job.opts.prevMillis ?? job.timestamp + (job.opts.delay ?? 0)
}

const endings = {
  permanent: 'failed',
  retry: 'retried',
  'rate-limited': 'rate-limited',
  postponed: 'postponed',
} as const satisfies Record<FailureKind['kind'], JobEnding>
