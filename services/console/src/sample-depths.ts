import type { QueueState } from '@switchboard/queue'
import { repeat } from '@switchboard/runtime'
import type { ServiceContext } from '@switchboard/runtime'
import type { QueueDepths } from '@switchboard/store'

/** Several times a minute: the one who looks next to a full minute may be late. */
const PAUSE_MS = 20_000

export interface SampleDeps extends Pick<ServiceContext<unknown>, 'log' | 'stopping' | 'stack'> {
  /** Nothing is written into another application's Redis. */
  isOurs: Promise<void>
  depths: Pick<QueueDepths, 'note'>
  readQueues: () => Promise<QueueState[]>
  now: () => number
}

/** Writes down every minute how the queues stand. What cannot be written, as Redis is away or full, is missing: it is for people. */
export async function sampleDepths(deps: SampleDeps): Promise<void> {
  const { isOurs, depths, readQueues, log, stopping, stack, now } = deps
  const sample = async () => {
    const at = now()
    const busy = (await readQueues()).filter(({ waiting }) => waiting > 0)
    const found = busy.map(({ name, waiting, oldestWaitingAt }) => {
      const oldestSeconds = oldestWaitingAt === undefined ? 0 : Math.max(0, Math.round((at - oldestWaitingAt) / 1_000))
      return [name, { waiting, oldestSeconds }] as const
    })
    await depths.note(at, new Map(found))
  }
  await isOurs
  if (stopping.signal.aborted) return
  stack.use(repeat('queue depths', PAUSE_MS, () => sample().catch(() => undefined), log))
}
