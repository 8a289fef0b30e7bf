import type { Traffic, TrafficCount } from '@switchboard/store'

import type { Report } from './combine-reports.ts'

export interface TrafficReport extends Report {
  /** Writes what has been gathered since the last time. */
  flush: () => Promise<void>
}

/** Gathers what the console plots, so that a message costs no command of its own. */
export function createTrafficReport({
  traffic,
  observeReply,
  now,
}: {
  traffic: Pick<Traffic, 'add' | 'noteMessages'>
  /** An answer was accepted, so long after what it answers. */
  observeReply: (channel: string, ms: number) => void
  now: () => number
}): TrafficReport {
  let counts = new Map<string, TrafficCount>()
  let messages = new Map<string, number>()
  const count = (channel: string, state: string) => {
    const key = `${channel}.${state}`
    counts.set(key, { channel, state, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return {
    async report({ id, channel, createdAt, answersSince }, state) {
      count(channel, state)
      if (state === 'accepted' && answersSince !== undefined) observeReply(channel, now() - answersSince)
      messages.set(id, createdAt)
    },
    async reportStatus(_messageId, { channel }, { state }) {
      count(channel, state)
    },
    async flush() {
      const [gathered, noted] = [counts, messages]
      counts = new Map()
      messages = new Map()
      if (gathered.size > 0) await traffic.add(now(), [...gathered.values()])
      await traffic.noteMessages([...noted].map(([id, at]) => ({ id, at })))
    },
  }
}
