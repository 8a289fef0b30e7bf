import type { Logger } from './logger.ts'

/** Longer than any job may take, shorter than the compose file's `stop_grace_period` of 30 s. */
export const STOP_LIMIT_MS = 25_000
/** How long stopping waits for something that is away: with what follows, the process has ended within 5 s. */
const AWAY_LIMIT_MS = 4_000
const LOOK_EVERY_MS = 100

/** How a process is asked to stop, and how long that may take. */
export interface Stopping {
  /** Aborted at the first SIGTERM or SIGINT: what waits gives up, and nothing new is begun. */
  readonly signal: AbortSignal
  /** For work that lasts longer than a job may, such as a call: how long stopping may take in all. */
  allow(limitMs: number): void
  /** What nothing can be finished without. Asked while stopping: for how many milliseconds it has been away by now. */
  dependsOn(awayForMs: () => number): void
  /** As the first signal does. */
  begin(): void
}

/** Ends the process, whatever hangs, when stopping takes too long; at once at a second signal. */
export function createStopping(log: Logger): Stopping {
  const asked = new AbortController()
  const dependencies: (() => number)[] = []
  let limitMs = STOP_LIMIT_MS
  const begin = () => {
    if (asked.signal.aborted) return
    const from = performance.now()
    setInterval(() => {
      const tookMs = performance.now() - from
      const awayMs = Math.max(0, ...dependencies.map((awayForMs) => awayForMs()))
      if (tookMs < limitMs && Math.min(tookMs, awayMs) < AWAY_LIMIT_MS) return
      log.error({ afterMs: Math.round(tookMs), awayMs: Math.round(awayMs) }, 'service.stop-timed-out')
      process.exit(1)
    }, LOOK_EVERY_MS).unref()
    asked.abort()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked.signal.aborted) process.exit(1)
      log.info({ signal }, 'service.stopping')
      begin()
    })
  }
  return {
    signal: asked.signal,
    allow: (limit) => void (limitMs = Math.max(limitMs, limit)),
    dependsOn: (awayForMs) => void dependencies.push(awayForMs),
    begin,
  }
}
