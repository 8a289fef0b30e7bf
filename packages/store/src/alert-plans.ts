import { createHash } from 'node:crypto'

import { alertPlan, contactId } from '@switchboard/contracts'
import type { Alert, AlertPlan, Contact } from '@switchboard/contracts'

import { createAlertIndexes } from './alert-indexes.ts'
import { WALKING_KEPT_SECONDS } from './alert-lists.ts'
import { keys } from './keys.ts'
import type { Records } from './records.ts'
import type { RedisConnection } from './script.ts'

const DAY_SECONDS = 86_400
const PLAN_KEPT_SECONDS = WALKING_KEPT_SECONDS + 30 * DAY_SECONDS
const PLANS_CACHED = 1_000
/** A plan changes only when a person in it is erased, by another process. */
const PLAN_CACHED_MS = 30_000

/** The plans that alerts walk, each once. */
export function createAlertPlans(redis: RedisConnection, records: Pick<Records<Alert>, 'get'>) {
  const plans = new Map<string, { plan: AlertPlan; readAt: number }>()
  return {
    /** Keeps a plan under the hash of its content: alerts of one policy share it. */
    async savePlan(plan: AlertPlan): Promise<string> {
      const json = JSON.stringify(plan)
      const planId = createHash('sha256').update(json).digest('base64url').slice(0, 22)
      await redis.set(keys.alertPlan(planId), json, 'EX', PLAN_KEPT_SECONDS)
      return planId
    },
    async plan(planId: string): Promise<AlertPlan> {
      const cached = plans.get(planId)
      if (cached && Date.now() - cached.readAt < PLAN_CACHED_MS) return cached.plan
      const json = await redis.get(keys.alertPlan(planId))
      if (json === null) throw new Error(`The plan ${planId} is missing`)
      const plan = alertPlan.parse(JSON.parse(json))
      if (plans.size >= PLANS_CACHED) plans.clear()
      plans.set(planId, { plan, readAt: Date.now() })
      return plan
    },
    /**
     * Takes a person's addresses out of the plans of these alerts and of those that contacted them. Alerts that still
     * walk pass that person over; a policy in the configuration is the operator's to change.
     */
    async erase(contacts: Contact[], alertIds: string[]): Promise<void> {
      const indexes = createAlertIndexes(redis)
      const contacted = await Promise.all(contacts.map((contact) => indexes.alertsOf(contact)))
      for (const alertId of new Set([...alertIds, ...contacted.flat()])) {
        const planId = (await records.get(alertId))?.planId
        const json = planId === undefined ? null : await redis.get(keys.alertPlan(planId))
        if (planId === undefined || json === null) continue
        const plan = withoutAddresses(alertPlan.parse(JSON.parse(json)), new Set(contacts.map(contactId)))
        await redis.set(keys.alertPlan(planId), JSON.stringify(plan), 'KEEPTTL')
        plans.delete(planId)
      }
      for (const contact of contacts) await redis.del(keys.alertsOfContact(contactId(contact)))
    },
  }
}

const ERASED = 'erased'

function withoutAddresses(plan: AlertPlan, erased: Set<string>): AlertPlan {
  const users = plan.users.map((user) => ({
    ...user,
    channels: user.channels.map((each) =>
      erased.has(contactId({ channel: each.channel, address: each.to })) ? { ...each, to: ERASED } : each,
    ),
  }))
  return { ...plan, users }
}
