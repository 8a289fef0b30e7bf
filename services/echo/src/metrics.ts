import { Counter, Gauge, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

import type { DropReason } from './call-state.ts'

export type HandshakeOutcome = 'accepted' | 'unauthorized' | 'replayed' | 'full' | 'draining'

/** Plain numbers, because they are counted for every frame; the registry reads them when it is asked. */
export interface FrameTotals {
  echoed: number
  dropped: Record<DropReason, number>
}

export interface EchoMetrics {
  totals: FrameTotals
  countHandshake(outcome: HandshakeOutcome): void
  countEnd(closeCode: number): void
  observeDelay(seconds: number): void
}

/** `callCount` is asked at each scrape. */
export function createMetrics(registry: Registry, callCount: () => number): EchoMetrics {
  const totals: FrameTotals = { echoed: 0, dropped: { early: 0, 'wrong-size': 0, junk: 0, 'slow-peer': 0, cleared: 0 } }
  const registers = [registry]
  const handshakes = new Counter({
    name: 'echo_handshakes_total',
    help: 'WebSocket handshakes by outcome',
    labelNames: ['outcome'],
    registers,
  })
  const ends = new Counter({
    name: 'echo_calls_ended_total',
    help: 'Calls by close code',
    labelNames: ['code'],
    registers,
  })
  const delay = new Histogram({
    name: 'echo_delay_seconds',
    help: 'From reading a frame to handing it to the operating system; one frame per call and second',
    buckets: [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1],
    registers,
  })
  registerTotals(registry, totals, callCount)
  return {
    totals,
    countHandshake: (outcome) => handshakes.inc({ outcome }),
    countEnd: (code) => ends.inc({ code }),
    observeDelay: (seconds) => delay.observe(seconds),
  }
}

function registerTotals(registry: Registry, totals: FrameTotals, callCount: () => number): void {
  const registers: Registry[] = []
  const calls = new Gauge({
    name: 'echo_calls',
    help: 'Calls that are connected now',
    registers,
    collect() {
      this.set(callCount())
    },
  })
  const frames = new Counter({
    name: 'echo_frames_total',
    help: 'Audio frames sent back',
    registers,
    collect() {
      this.reset()
      this.inc(totals.echoed)
    },
  })
  const drops = new Counter({
    name: 'echo_drops_total',
    help: 'Messages that were not sent back, by reason',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset()
      for (const [reason, count] of Object.entries(totals.dropped)) this.inc({ reason }, count)
    },
  })
  for (const metric of [calls, frames, drops]) registry.registerMetric(metric)
}
