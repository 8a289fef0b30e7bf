import { alert, retention, timelineEntry } from '@switchboard/contracts'
import type { Alert, Retention } from '@switchboard/contracts'
import { z } from 'zod'

import { createAlertIndexes, WALKING_KEPT_SECONDS } from './alert-indexes.ts'
import { createAlertPlans } from './alert-plans.ts'
import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'
import { createWorkflowRecords } from './workflow-records.ts'

const DAY_SECONDS = 86_400

/**
 * As records are written: 100,000 alerts walk at once, so a timeline entry is a line, with its time counted from the
 * creation of the alert.
 */
const storedStep = timelineEntry.shape.step.unwrap()
const storedEntry = z.tuple([
  z.number().int(),
  timelineEntry.shape.event,
  storedStep.nullish(),
  z.string().nullish(),
  z.string().nullish(),
])
const storedAlert = alert
  .extend({ step: storedStep.rest(z.number().int()), timeline: z.array(storedEntry) })
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

function encodeAlert({ timeline, resends, step, ...rest }: Alert): z.input<typeof storedAlert> {
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

export type Alerts = ReturnType<typeof createAlerts>

/** Alerts, the plans they walk, and the indexes that find them. Written by the failover service alone. */
export function createAlerts(
  redis: RedisConnection,
  { alertsDays }: Pick<Retention, 'alertsDays'> = retention.parse({}),
) {
  const records = createWorkflowRecords(redis, {
    schema: storedAlert,
    encode: encodeAlert,
    key: keys.alert,
    ttlSeconds: ({ state }) => (state === 'walking' ? WALKING_KEPT_SECONDS : alertsDays * DAY_SECONDS),
    dueKey: keys.walkingAlerts,
  })
  return {
    ...records,
    ...createAlertPlans(redis, records),
    ...createCodes(redis, (alertId) => records.get(alertId)),
    ...createAlertIndexes(redis),
  }
}

/** The short names that people type. */
function createCodes(redis: RedisConnection, get: (alertId: string) => Promise<Alert | undefined>) {
  return {
    /** The next short code, `A1` to `A9999` and again. Codes need to differ only among open alerts. */
    async nextCode(): Promise<string> {
      return `A${((await redis.incr(keys.alertCode)) % 9_999) + 1}`
    },
    /** Makes an alert the one that its code means. */
    async takeCode({ id, code }: Pick<Alert, 'id' | 'code'>): Promise<void> {
      await redis.set(keys.alertOfCode(code), id, 'EX', WALKING_KEPT_SECONDS)
    },
    /** The newest alert of a code, such as `A7`, open or not: codes come again after 9,999 alerts. */
    async withCode(code: string): Promise<Alert | undefined> {
      const alertId = await redis.get(keys.alertOfCode(code))
      const found = alertId === null ? undefined : await get(alertId)
      // A begin that died half-way and was run again has another code.
      return found?.code === code ? found : undefined
    },
  }
}
