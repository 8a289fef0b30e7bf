import type { Cluster, Redis } from 'ioredis'
import { Gauge } from 'prom-client'

import type { Health } from './health.ts'
import type { Logger } from './logger.ts'

/** What is less may be the network's or the event loop's. */
const NOISE_MS = 20
/** More than this and somebody should look after the clocks. */
const SKEW_WORTH_SAYING_MS = 2_000

/** The one clock of all processes is that of Redis: whoever runs a job must know the time of who has planned it. */
export interface Clock {
  /** Milliseconds. */
  now: () => number
  /** How far this machine's clock is behind that of Redis, in milliseconds. */
  behindMs: () => number
  /** Asks for the time, in milliseconds, and believes the answer as far as the way there and back leaves it certain. */
  compare: (ask: () => Promise<number>) => Promise<void>
}

export function createClock(local: () => number): Clock {
  let behindMs = 0
  return {
    now: () => local() + behindMs,
    behindMs: () => behindMs,
    async compare(ask) {
      const [askedAt, from] = [local(), performance.now()]
      const time = await ask()
      const halfWayMs = (performance.now() - from) / 2
      const measuredMs = Math.round(time - askedAt - halfWayMs)
      if (Math.abs(measuredMs - behindMs) > halfWayMs + NOISE_MS) behindMs = measuredMs
    },
  }
}

interface ClockContext {
  clock: Clock
  health: Health
  log: Logger
}

/** Compares our clock with that of Redis: on every connection before anything else, and every few seconds. */
export function followRedisTime(client: Redis | Cluster, { clock, health, log }: ClockContext): void {
  let isCompared = false
  let saidMs = 0
  const compare = async () => {
    await clock.compare(async () => {
      // Declared as numbers by ioredis, which hands over strings.
      const [seconds, microseconds] = (await client.time()).map(String)
      return Number(seconds) * 1_000 + Number(microseconds) / 1_000
    })
    isCompared = true
    const skewMs = -clock.behindMs()
    if (Math.abs(skewMs - saidMs) < SKEW_WORTH_SAYING_MS) return
    saidMs = skewMs
    log.warn({ skewMs }, 'clock.skewed: this machine and that of Redis differ; the time of Redis is used')
  }
  client.on('ready', () => void compare().catch(() => undefined))
  health.addReadiness('clock', () => (isCompared ? undefined : 'has not been compared with that of Redis'), compare)
  const skew = new Gauge({
    name: 'switchboard_clock_skew_seconds',
    help: 'How far the clock of this machine is ahead of that of Redis; the time of Redis is used',
    registers: [],
    collect() {
      this.set(-clock.behindMs() / 1_000)
    },
  })
  health.metrics.registerMetric(skew)
}
