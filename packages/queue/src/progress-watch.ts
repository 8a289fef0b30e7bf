/** So many looks in a row, five seconds apart, at jobs of which none is taken: the worker is not alive. */
const STUCK_LOOKS = 12
/** A delayed job that is due is moved on by the worker that waits for it: an overdue one waits as any other does. */
const OVERDUE_MS = 5_000

interface CountingQueue {
  getJobCounts(...states: ('waiting' | 'prioritized')[]): Promise<Record<string, number>>
  countOverdue(dueBefore: number): Promise<number>
  isPaused(): Promise<boolean>
  getRateLimitTtl(): Promise<number>
}

/**
 * Liveness by progress: a worker that takes no job for a minute while jobs wait is not alive, whatever its
 * connections say. A paused or rate-limited queue is not its fault, nor is a Redis that is away or refuses: looks
 * that fail do not count. It counts looks and not time, so that a process that was asleep is not taken for stuck.
 */
export function createProgressWatch(queue: CountingQueue, now: () => number) {
  let hasMoved = false
  let running = 0
  let waiting = 0
  let stuckLooks = 0
  return {
    taken(): void {
      running += 1
      hasMoved = true
    },
    finished(): void {
      running -= 1
      hasMoved = true
    },
    /** Redis has answered the worker with an error, or not at all. */
    refused(): void {
      hasMoved = true
    },
    /** How many jobs it works now. */
    running: () => running,
    /** To be called every five seconds. */
    async look(): Promise<void> {
      const [counts, overdue] = await Promise.all([
        queue.getJobCounts('waiting', 'prioritized'),
        queue.countOverdue(now() - OVERDUE_MS),
      ])
      waiting = (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0) + overdue
      const isIdle = waiting === 0 || (await queue.isPaused()) || (await queue.getRateLimitTtl()) > 0
      stuckLooks = isIdle || hasMoved ? 0 : stuckLooks + 1
      hasMoved = false
    },
    /** Undefined when all is well. */
    problem(): string | undefined {
      if (stuckLooks < STUCK_LOOKS) return undefined
      return `${waiting} jobs wait and none was taken in ${stuckLooks} looks (${running} running)`
    },
  }
}
