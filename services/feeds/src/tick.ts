import type { FeedValue } from '@switchboard/store'

export interface Tick {
  tick: number
  value: string
}

export type TickObligation = { id: string; kind: 'fan-out' | 'remembered' }

/** The newest tick of a topic counts, and of one tick the first value. */
export function decideTick(current: FeedValue | undefined, { tick, value }: Tick): FeedValue {
  if (current && current.tick >= tick) return current
  return { ...current, tick, value, ...(current ? { previous: current.value } : {}) }
}

/** An update that is on record reaches the subscribers, and the topic's history. */
export function tickObligations({ tick }: FeedValue): TickObligation[][] {
  return [
    [
      { id: `fan-out-${tick}`, kind: 'fan-out' },
      { id: `remembered-${tick}`, kind: 'remembered' },
    ],
  ]
}
