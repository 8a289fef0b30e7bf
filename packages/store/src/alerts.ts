import { retention } from '@switchboard/contracts'
import type { Retention } from '@switchboard/contracts'

import { createAlertCodes } from './alert-codes.ts'
import { createAlertIndexes } from './alert-indexes.ts'
import { createAlertLists, WALKING_KEPT_SECONDS } from './alert-lists.ts'
import { createAlertPlans } from './alert-plans.ts'
import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'
import { encodeAlert, storedAlert } from './stored-alert.ts'
import { createWorkflowRecords } from './workflow-records.ts'

const DAY_SECONDS = 86_400

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
    ...createAlertCodes(redis, (alertId) => records.get(alertId)),
    ...createAlertLists(redis),
    ...createAlertIndexes(redis),
  }
}
