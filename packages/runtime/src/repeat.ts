import type { Logger } from './logger.ts'

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
