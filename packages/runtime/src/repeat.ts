import type { Logger } from './logger.ts'
import { isRedisAway } from './redis-away.ts'

/** Runs a task again and again, with a pause between two runs. A failure is logged and the next run comes as usual. */
export function repeat(
  name: string,
  pauseMs: number,
  task: () => Promise<void>,
  log: Pick<Logger, 'error'>,
): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let isStopped = false
  const run = async (): Promise<void> => {
    try {
      await task()
    } catch (error) {
      log.error({ error, task: name }, 'task.failed')
    }
    if (!isStopped) schedule()
  }
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = run()
    }, pauseMs)
  }
  running = run()
  return {
    async [Symbol.asyncDispose]() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** A look at Redis that is not due while it is away: health says so, and the next look makes up for it. */
export function unlessAway(look: () => Promise<void>): () => Promise<void> {
  return async () => {
    try {
      await look()
    } catch (error) {
      if (!isRedisAway(error)) throw error
    }
  }
}
