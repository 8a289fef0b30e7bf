import type { HealthCheck } from './health.ts'

const LOOK_EVERY_MS = 1_000
/** A loop that is this late is of no use to anybody, and after so many times in a row it will not get better. */
const LATE_MS = 2_000
const LATE_LIMIT = 30

/** Whether the event loop keeps up: one that is late again and again answers `/livez`, but nobody else in time. */
export function createLoopWatch(): Disposable & { problem: HealthCheck } {
  let lookedAt = performance.now()
  let lateMs = 0
  let lateInARow = 0
  const timer = setInterval(() => {
    lateMs = performance.now() - lookedAt - LOOK_EVERY_MS
    lookedAt = performance.now()
    lateInARow = lateMs > LATE_MS ? lateInARow + 1 : 0
  }, LOOK_EVERY_MS)
  timer.unref()
  return {
    problem: () =>
      lateInARow < LATE_LIMIT ? undefined : `${Math.round(lateMs)} ms late, ${lateInARow} times in a row`,
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
