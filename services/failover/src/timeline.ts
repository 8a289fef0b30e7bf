import type { Alert, TimelineEntry } from '@switchboard/contracts'

import type { Step } from './steps.ts'

/** Of a longer timeline the beginning and the newest entries are kept. */
const MAX_TIMELINE = 300
const KEPT_BEGINNING = 50

export function log(alert: Alert, entry: TimelineEntry): Alert {
  const timeline = [...alert.timeline, entry]
  if (timeline.length > MAX_TIMELINE) timeline.splice(KEPT_BEGINNING, 1)
  return { ...alert, timeline }
}

/** Whether some of its entries are no longer known. */
export function isCut(timeline: Alert['timeline']): boolean {
  return timeline.length >= MAX_TIMELINE
}

/** Adds an entry that is worth one line only: the same event of the same step is not repeated. */
export function note(alert: Alert, entry: TimelineEntry): Alert {
  const isKnown = alert.timeline.some(
    ({ event, step }) => event === entry.event && JSON.stringify(step) === JSON.stringify(entry.step),
  )
  return isKnown ? alert : log(alert, entry)
}

export function asTuple({ round, user, channel }: Step): [number, number, number] {
  return [round, user, channel]
}
