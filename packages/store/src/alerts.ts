import { createHash } from 'node:crypto'

import { alert, alertPlan, contactId, retention, timelineEntry } from '@switchboard/contracts'
import type { Alert, AlertPlan, Contact, Retention } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

const DAY_SECONDS = 86_400
/** The longest walk: 100 users of 20 channels of a day, six times, is not one; a month is generous. */
const WALKING_KEPT_SECONDS = 60 * DAY_SECONDS
const PLAN_KEPT_SECONDS = WALKING_KEPT_SECONDS + 30 * DAY_SECONDS
const PLANS_CACHED = 1_000
/** A plan changes only when a person in it is erased, by another process. */
const PLAN_CACHED_MS = 30_000

/**
 * As records are written: 100,000 alerts walk at once, so a timeline entry is a line, with its time counted from the
 * creation of the alert.
 */
const storedStep = timelineEntry.shape.step.unwrap()
const storedEntry = z.tuple([z.number().int(), timelineEntry.shape.event, storedStep.nullish(), z.string().nullish()])
const storedAlert = alert
  .extend({ step: storedStep, timeline: z.array(storedEntry) })
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
  before: Alert
  after: Alert
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
  const plans = new Map<string, { plan: AlertPlan; readAt: number }>()
  return {
    get: (alertId: string) => records.get(alertId),
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
    /** Writes a new alert, or returns the one that is there. */
    async create(created: Alert): Promise<Alert> {
      await redis.set(keys.alertOfCode(created.code), created.id, 'EX', WALKING_KEPT_SECONDS)
      return records.update<Alert>(created.id, (current) =>
        current ? { result: current } : { next: created, result: created },
      )
    },
    /** Moves an alert by a pure function. Undefined when there is no such alert. `known`: as it was read a moment ago. */
    change: (alertId: string, decide: (current: Alert) => Alert, known?: Alert) =>
      records.updateFrom<AlertChange | undefined>(known, alertId, (before) => {
        if (!before) return { result: undefined }
        const after = decide(before)
        return after === before ? { result: { before, after } } : { next: after, result: { before, after } }
      }),
    /**
     * Takes a person's addresses out of the plans of these alerts and of those that contacted them. Alerts that still
     * walk pass that person over; a policy in the configuration is the operator's to change.
     */
    async erase(contacts: Contact[], alertIds: string[]): Promise<void> {
      const indexes = createIndexes(redis)
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
    ...createCodes(redis, (alertId) => records.get(alertId)),
    ...createIndexes(redis),
  }
}

/** The short names that people type. */
function createCodes(redis: RedisConnection, get: (alertId: string) => Promise<Alert | undefined>) {
  return {
    /** The next short code, `A1` to `A9999` and again. Codes need to differ only among open alerts. */
    async nextCode(): Promise<string> {
      return `A${((await redis.incr(keys.alertCode)) % 9_999) + 1}`
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

const workflowOwner = z.object({ alertId: z.string(), round: z.number().int(), user: z.number().int() })
export type WorkflowOwner = z.infer<typeof workflowOwner>

function createIndexes(redis: RedisConnection) {
  const workflows = createRecords(redis, {
    schema: workflowOwner,
    key: keys.workflow,
    ttlSeconds: () => WALKING_KEPT_SECONDS,
  })
  const groups = createRecords(redis, {
    schema: z.object({ alertId: z.string() }),
    key: (groupKey) => keys.alertGroup(createHash('sha256').update(groupKey).digest('base64url').slice(0, 22)),
    ttlSeconds: () => WALKING_KEPT_SECONDS,
  })
  return {
    /** Keeps the walking alerts in the order their steps fall due. */
    async index({ id, state, dueAt, createdAt }: Alert): Promise<void> {
      if (state === 'walking') await redis.zadd(keys.walkingAlerts, dueAt, id)
      else await Promise.all([redis.zrem(keys.walkingAlerts, id), redis.zadd(keys.endedAlerts, 'NX', createdAt, id)])
    },
    /** Takes an alert without a record out of the walking ones. */
    async forget(alertId: string): Promise<void> {
      await redis.zrem(keys.walkingAlerts, alertId)
    },
    /** Walking alerts whose step falls due before a moment, most overdue first. */
    dueBefore: (moment: number, limit: number): Promise<string[]> =>
      redis.zrangebyscore(keys.walkingAlerts, '-inf', moment, 'LIMIT', 0, limit),
    countWalking: (): Promise<number> => redis.zcard(keys.walkingAlerts),
    walking: (offset: number, limit: number): Promise<string[]> =>
      redis.zrange(keys.walkingAlerts, String(offset), String(offset + limit - 1)),
    /** All alerts of the last two months: first those that walk, the next due first, then the others, newest first. */
    async recent(offset: number, limit: number): Promise<string[]> {
      const walking = await redis.zrange(keys.walkingAlerts, String(offset), String(offset + limit - 1))
      if (walking.length === limit) return walking
      const before = Math.max(0, offset - (await redis.zcard(keys.walkingAlerts)))
      return [...walking, ...(await redis.zrevrange(keys.endedAlerts, before, before + limit - walking.length - 1))]
    },
    /** Forgets index entries of alerts whose records have expired. */
    async trimRecent(now: number): Promise<void> {
      await redis.zremrangebyscore(keys.endedAlerts, '-inf', now - WALKING_KEPT_SECONDS * 1_000)
    },
    /** Remembers whom an alert has contacted, so that a reply finds it. */
    async addContact(contact: Contact, alertId: string): Promise<void> {
      const key = keys.alertsOfContact(contactId(contact))
      await Promise.all([redis.sadd(key, alertId), redis.expire(key, WALKING_KEPT_SECONDS)])
    },
    async removeContact(contact: Contact, alertId: string): Promise<void> {
      await redis.srem(keys.alertsOfContact(contactId(contact)), alertId)
    },
    alertsOf: (contact: Contact): Promise<string[]> => redis.smembers(keys.alertsOfContact(contactId(contact))),
    /**
     * Makes an alert the one of an Alertmanager group, unless another one is; `replaces` is one that no longer counts.
     * Returns the alert the group has.
     */
    joinGroup: (groupKey: string, alertId: string, replaces: string | undefined) =>
      groups.update(groupKey, (current) =>
        current && current.alertId !== replaces ? { result: current.alertId } : { next: { alertId }, result: alertId },
      ),
    async alertOfGroup(groupKey: string): Promise<string | undefined> {
      return (await groups.get(groupKey))?.alertId
    },
    /** Whose a Dispatch workflow is, once Vonage has named it. */
    async setWorkflowOwner(dispatchUuid: string, owner: WorkflowOwner): Promise<void> {
      await workflows.update(dispatchUuid, () => ({ next: owner, result: undefined }))
    },
    workflowOwner: (dispatchUuid: string) => workflows.get(dispatchUuid),
    leaveGroup: (groupKey: string) => groups.remove(groupKey),
  }
}
