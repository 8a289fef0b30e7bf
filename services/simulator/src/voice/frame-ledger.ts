export interface FrameSummary {
  sent: number
  received: number
  /** Came back byte for byte. */
  echoed: number
  /** Did not come back although a later one did. */
  lost: number
  /** Came, but was never sent. */
  foreign: number
  roundTripMs: { p50: number; p90: number; p99: number; max: number } | null
}

/** Compares what comes back with what was sent: which frames, and after how long. */
export interface FrameLedger {
  sent(frame: Buffer): void
  received(frame: Buffer): void
  summary(): FrameSummary
}

interface Pending {
  frame: Buffer
  at: number
}

const LOOK_AHEAD = 500
const KEPT_TRIPS = 50_000
const KEPT_PENDING = 20_000

export function createFrameLedger(now: () => number = () => performance.now()): FrameLedger {
  const counts = { sent: 0, received: 0, echoed: 0, lost: 0, foreign: 0 }
  let pending: Pending[] = []
  let head = 0
  let trips: number[] = []

  const find = (frame: Buffer) => {
    const until = Math.min(pending.length, head + LOOK_AHEAD)
    for (let index = head; index < until; index += 1) if (pending[index]?.frame.equals(frame)) return index
    return -1
  }
  return {
    sent(frame) {
      counts.sent += 1
      pending.push({ frame, at: now() })
      if (head > 2_000 || pending.length > KEPT_PENDING) {
        pending = pending.slice(Math.max(head, pending.length - KEPT_PENDING))
        head = 0
      }
    },
    received(frame) {
      counts.received += 1
      const index = find(frame)
      const match = pending[index]
      if (!match) {
        counts.foreign += 1
        return
      }
      counts.lost += index - head
      counts.echoed += 1
      head = index + 1
      trips.push(now() - match.at)
      if (trips.length > KEPT_TRIPS) trips = trips.slice(-KEPT_TRIPS / 2)
    },
    summary: () => ({ ...counts, roundTripMs: percentiles(trips) }),
  }
}

function percentiles(values: number[]): FrameSummary['roundTripMs'] {
  if (values.length === 0) return null
  const sorted = values.toSorted((left, right) => left - right)
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: round(sorted.at(-1) ?? 0) }
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
