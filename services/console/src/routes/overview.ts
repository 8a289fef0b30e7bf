import { alertChannels, alertFactsOf, budgetUsed, stopsFor } from '@switchboard/contracts'
import type { LimitsInForce, SenderUsage } from '@switchboard/contracts'
import type { QueueState } from '@switchboard/queue'
import type { DepthSample, TrafficCount } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'

import { sparkline, stackBars } from '../charts.ts'
import type { StackedChart } from '../charts.ts'
import { historyOf } from '../depth-history.ts'
import { createRemembered } from '../remembered.ts'
import { summariseAlerts } from './alert-summary.ts'
import type { RouteDeps } from './route-deps.ts'
import { healthOf } from './service-health.ts'

const PLOTTED_MINUTES = 60
const SHOWN_ALERTS = 5
const SPARK = { width: 120, height: 28 }

/** Everything at a glance. */
export function overviewRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const look = createRemembered(() => lookAtEverything(deps), { maxAgeMs: 900, now: deps.now })
  deps.live(app, {
    path: '/',
    template: 'overview',
    load: async () => ({ title: 'Overview', section: 'overview', ...(await look()) }),
  })
}

async function lookAtEverything(deps: RouteDeps) {
  const { stores, now, readQueues, readRedis, readPresence, readDepths } = deps
  const at = now()
  const [queues, minutes, alerts, followUps, feeds, redis, usage, presence, depths] = await Promise.all([
    readQueues(),
    stores.traffic.minutes(at, PLOTTED_MINUTES),
    lookAtAlerts(stores, at),
    stores.followUps.countOpen(),
    lookAtFeeds(deps),
    readRedis(),
    stores.usage.ofDay(at),
    readPresence(),
    readDepths(),
  ])
  return {
    services: healthOf(['ingress', 'console', ...queues.map(({ service }) => service)], presence, at),
    queues: queues.map((queue) => describeQueue(queue, depths, at)),
    waiting: queues.reduce((sum, { waiting }) => sum + waiting, 0),
    failed: queues.reduce((sum, { failed }) => sum + failed, 0),
    ...plotTraffic(minutes.map(({ counts }) => counts)),
    minutes: minutes.map((minute) => minute.at),
    ...alerts,
    followUps,
    budgets: usage.flatMap((each) => describeBudget(each, deps.limits)),
    feeds,
    subscribers: feeds.reduce((sum, feed) => sum + feed.subscribers, 0),
    redis,
    spark: SPARK,
  }
}

/** Those that walk, and those that nobody answered: how many, and the first. */
async function lookAtAlerts({ alerts }: RouteDeps['stores'], now: number) {
  const [walking, unanswered, walkingIds, unansweredIds] = await Promise.all([
    alerts.countWalking(),
    alerts.countUnanswered(now),
    alerts.walking(0, SHOWN_ALERTS),
    alerts.unanswered(now, SHOWN_ALERTS),
  ])
  const [shown, missed] = await Promise.all([
    summariseAlerts(walkingIds, alerts),
    summariseAlerts(unansweredIds, alerts),
  ])
  // Somebody may have taken one in between.
  return { walking, unanswered, alerts: shown, missed: missed.filter(({ state }) => state === 'exhausted') }
}

function describeQueue(queue: QueueState, depths: DepthSample[], now: number) {
  const day = historyOf(queue.name, depths, now)
  const waiting = day.quarters.map((quarter) => quarter.waiting ?? 0)
  return { ...queue, day, spark: sparkline(waiting, SPARK.width, SPARK.height) }
}

/** Nothing while all is sent. */
function describeBudget(usage: SenderUsage, limits: LimitsInForce) {
  const used = budgetUsed(usage, limits)
  const stopped = [
    { name: 'feeds', isStopped: stopsFor('feed', used) },
    { name: 'notifications', isStopped: stopsFor('notification', used) },
    { name: 'replies', isStopped: stopsFor('reply', used) },
  ].flatMap(({ name, isStopped }) => (isStopped ? [name] : []))
  if (stopped.length === 0) return []
  const { channel, sender, messages } = usage
  return [{ channel: alertFactsOf[channel].label, sender, messages, percent: Math.floor(used * 100), stopped }]
}

function lookAtFeeds({ settings, stores }: RouteDeps) {
  return Promise.all(
    Object.entries(settings.feeds).map(async ([topic, feed]) => {
      const [current, history, subscribers, fault] = await Promise.all([
        stores.feedValues.get(topic),
        stores.feedValues.history(topic),
        stores.subscriptions.count(topic),
        feed.source === 'http' ? stores.feedFaults.get(topic) : undefined,
      ])
      const values = history.map(Number).filter((value) => !Number.isNaN(value))
      const change = Number(current?.value) - Number(current?.previous)
      return {
        topic,
        source: feed.source,
        everySeconds: feed.everySeconds,
        value: current?.value,
        updatedAt: current?.tick,
        change: Number.isNaN(change) ? 0 : Math.sign(change),
        spark: sparkline(values, SPARK.width, SPARK.height),
        subscribers,
        fault,
      }
    }),
  )
}

/** What becomes of messages, as few things as a plot can show. */
const fates = [
  { name: 'read', label: 'read', states: ['read'] },
  { name: 'delivered', label: 'delivered', states: ['delivered'] },
  { name: 'failed', label: 'failed', states: ['refused', 'rejected', 'undeliverable'] },
  { name: 'held', label: 'not sent', states: ['suppressed', 'dropped'] },
  { name: 'unknown', label: 'unknown', states: ['unknown'] },
]

function plotTraffic(minutes: TrafficCount[][]): { sent: StackedChart; fate: StackedChart } {
  const count = (fits: (each: TrafficCount) => boolean) =>
    minutes.map((counts) => counts.filter(fits).reduce((sum, each) => sum + each.count, 0))
  return {
    sent: stackBars(
      alertChannels.map((channel) => ({
        name: channel,
        label: alertFactsOf[channel].label,
        values: count((each) => each.channel === channel && each.state === 'accepted'),
      })),
    ),
    fate: stackBars(
      fates.map(({ name, label, states }) => ({ name, label, values: count(({ state }) => states.includes(state)) })),
    ),
  }
}
