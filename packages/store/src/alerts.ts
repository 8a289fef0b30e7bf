import { alert, retention, timelineEntry } from '@switchboard/contracts'
import type { Alert, Retention } from '@switchboard/contracts'
import { z } from 'zod'

import { createAlertIndexes, WALKING_KEPT_SECONDS } from './alert-indexes.ts'
import { createAlertPlans } from './alert-plans.ts'
import { createDueSet } from './due-set.ts'
import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import { scanIds } from './scan-ids.ts'
import type { RedisConnection } from './script.ts'

const DAY_SECONDS = 86_400
type BeforeWrite = (before: Alert | undefined, after: Alert) => Promise<unknown> | undefined

/**
 * As records are written: 100,000 alerts walk at once, so a timeline entry is a line, with its time counted from the
 * creation of the alert.
 */
const storedStep = timelineEntry.shape.step.unwrap()
const storedEntry = z.tuple([z.number().int(), timelineEntry.shape.event, storedStep.nullish(), z.string().nullish()])
const storedAlert = alert
  .extend({ step: storedStep, timeline: z.array(storedEntry) })
  .loose()
  .transform(({ step: [round, user, channel], timeline, ...rest }): Alert => ({
    ...rest,
    step: { round, user, channel },
    timeline: timeline.map(([after, event, step, reason]) => ({
      at: rest.createdAt + after,
      event,
      ...(step ? { step } : {}),
      ...(typeof reason === 'string' ? { reason } : {}),
    })),
  }))

function encodeAlert({ timeline, resends, step, ...rest }: Alert): z.input<typeof storedAlert> {
  return {
    ...rest,
    ...(resends === 0 ? {} : { resends }),
    step: [step.round, step.user, step.channel],
    timeline: timeline.map(({ at, event, step, reason }) => {
      const after = at - rest.createdAt
      if (reason !== undefined) return [after, event, step ?? null, reason]
      return step ? [after, event, step] : [after, event]
    }),
  }
}

export interface AlertChange {
  before: Alert | undefined
  after: Alert | undefined
}

export type Alerts = ReturnType<typeof createAlerts>

/** Alerts, the plans they walk, and the indexes that find them. Written by the failover service alone. */
export function createAlerts(
  redis: RedisConnection,
  { alertsDays }: Pick<Retention, 'alertsDays'> = retention.parse({}),
) {
  const records = createRecords(redis, {
    schema: storedAlert,
    encode: encodeAlert,
    key: keys.alert,
    ttlSeconds: ({ state }) => (state === 'walking' ? WALKING_KEPT_SECONDS : alertsDays * DAY_SECONDS),
  })
  return {
    get: (alertId: string) => records.get(alertId),
    /**
     * Moves an alert by a pure function: undefined is no alert, the same object is no change. `known`: as it was read a
     * moment ago. `beforeWrite` is sent right before each try to write, and arrives first.
     */
    change: (
      alertId: string,
      decide: (current: Alert | undefined) => Alert | undefined,
      { known, beforeWrite }: { known?: Alert | undefined; beforeWrite?: BeforeWrite } = {},
    ) =>
      records.updateFrom<AlertChange>(
        known,
        alertId,
        (before) => {
          const after = decide(before)
          const result = { before, after }
          return after === undefined || after === before ? { result } : { next: after, result }
        },
        beforeWrite,
      ),
    /** The walking alerts, by when somebody must look again. */
    due: createDueSet(redis, keys.walkingAlerts),
    /** The ids of all alerts, page by page. */
    scan: () => scanIds(redis, keys.alert('')),
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
