import type { DepthSample } from '@switchboard/store'

const QUARTER_MS = 900_000
const QUARTERS = 96

/** The most that waited in a quarter of an hour, and the longest wait. Undefined: nobody looked. */
export type Quarter = { at: number } & ({ waiting: number; oldestSeconds: number } | { waiting: undefined })

export interface DepthHistory {
  /** Of a day, oldest first. */
  quarters: Quarter[]
  /** Those with the most of each; undefined where nothing waited. */
  deepest: Extract<Quarter, { oldestSeconds: number }> | undefined
  longest: Extract<Quarter, { oldestSeconds: number }> | undefined
}

/** How one queue stood over the last 24 hours. */
export function historyOf(queue: string, samples: readonly DepthSample[], now: number): DepthHistory {
  const newest = Math.floor(now / QUARTER_MS) * QUARTER_MS
  const quarters = Array.from({ length: QUARTERS }, (_, index): Quarter => {
    const at = newest - (QUARTERS - 1 - index) * QUARTER_MS
    return { at, waiting: undefined }
  })
  for (const { at, queues } of samples) {
    const index = QUARTERS - 1 - (newest - Math.floor(at / QUARTER_MS) * QUARTER_MS) / QUARTER_MS
    const quarter = quarters[index]
    if (!quarter) continue
    const { waiting, oldestSeconds } = queues.get(queue) ?? { waiting: 0, oldestSeconds: 0 }
    const known = quarter.waiting === undefined ? { waiting: 0, oldestSeconds: 0 } : quarter
    quarters[index] = {
      at: quarter.at,
      waiting: Math.max(known.waiting, waiting),
      oldestSeconds: Math.max(known.oldestSeconds, oldestSeconds),
    }
  }
  const busy = quarters.flatMap((quarter) => (quarter.waiting ? [quarter] : []))
  return {
    quarters,
    deepest: busy.toSorted((a, b) => b.waiting - a.waiting)[0],
    longest: busy.toSorted((a, b) => b.oldestSeconds - a.oldestSeconds)[0],
  }
}
