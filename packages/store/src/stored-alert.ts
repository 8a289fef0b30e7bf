import { alert, timelineEntry } from '@switchboard/contracts'
import type { Alert } from '@switchboard/contracts'
import { z } from 'zod'

/**
 * As records are written: 100,000 alerts walk at once, so a timeline entry is a line, with its time counted from the
 * creation of the alert.
 */
const storedStep = timelineEntry.shape.step.unwrap()
const storedEntry = z.tuple([
  z.int(),
  timelineEntry.shape.event,
  storedStep.nullish(),
  z.string().nullish(),
  z.string().nullish(),
])
export const storedAlert = alert
  .extend({ step: storedStep.rest(z.int()), timeline: z.array(storedEntry) })
  .loose()
  .transform(({ step: [round, user, channel, pass], timeline, ...rest }): Alert => ({
    ...rest,
    step: { round, user, channel, ...(pass === undefined ? {} : { pass }) },
    timeline: timeline.map(([after, event, step, reason, by]) => ({
      at: rest.createdAt + after,
      event,
      ...(step ? { step } : {}),
      ...(typeof reason === 'string' ? { reason } : {}),
      ...(typeof by === 'string' ? { by } : {}),
    })),
  }))

export function encodeAlert({ timeline, resends, step, ...rest }: Alert): z.input<typeof storedAlert> {
  return {
    ...rest,
    ...(resends === 0 ? {} : { resends }),
    step: [step.round, step.user, step.channel, ...(step.pass === undefined ? [] : [step.pass])],
    timeline: timeline.map(({ at, event, step, reason, by }) => {
      const after = at - rest.createdAt
      if (by !== undefined) return [after, event, step ?? null, reason ?? null, by]
      if (reason !== undefined) return [after, event, step ?? null, reason]
      return step ? [after, event, step] : [after, event]
    }),
  }
}
