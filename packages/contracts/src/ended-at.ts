import type { Alert, TimelineEntry } from './alert.ts'

const ends = new Set<TimelineEntry['event']>(['exhausted', 'cancelled', 'resolved'])

/** When an alert came to the end it has; a note or a late report is no end. Undefined while it walks. */
export function endedAt({
  state,
  attendedBy,
  timeline,
}: Pick<Alert, 'state' | 'attendedBy' | 'timeline'>): number | undefined {
  if (state === 'walking') return undefined
  return attendedBy?.at ?? (timeline.findLast(({ event }) => ends.has(event)) ?? timeline.at(-1))?.at
}
