/** How long jobs may wait without one being taken before a worker counts as not alive. */
const STUCK_AFTER_MS = 60_000

interface CountingQueue {
  getJobCounts(...states: ('waiting' | 'prioritized')[]): Promise<Record<string, number>>
  isPaused(): Promise<boolean>
  getRateLimitTtl(): Promise<number>
}

interface WatchOptions {
  concurrency: number
  now: () => number
}

/**
 * Liveness by progress: a worker that takes no job for a minute while jobs wait is not alive, whatever its
 * connections say. A paused or rate-limited queue is not its fault.
 */
export function createProgressWatch(queue: CountingQueue, { concurrency, now }: WatchOptions) {
  let lastProgressAt = now()
  let running = 0
  return {
    taken(): void {
      running += 1
      lastProgressAt = now()
    },
    finished(): void {
      running -= 1
      lastProgressAt = now()
    },
    /** Undefined when all is well. */
    async problem(): Promise<string | undefined> {
      const idleMs = now() - lastProgressAt
      if (idleMs < STUCK_AFTER_MS) return undefined
      const counts = await queue.getJobCounts('waiting', 'prioritized')
      const waiting = (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0)
      if (waiting === 0 || (await queue.isPaused()) || (await queue.getRateLimitTtl()) > 0) {
        // Waiting starts counting now: jobs that arrive after an idle hour are not an hour late.
        if (running < concurrency) lastProgressAt = now()
        return undefined
      }
      return `${waiting} jobs wait and none was taken for ${Math.round(idleMs / 1_000)} s (${running} running)`
    },
  }
}
