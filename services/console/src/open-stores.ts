import type { RedisConnection } from '@switchboard/runtime'
import {
  createAlerts,
  createCalls,
  createConsent,
  createFeedFaults,
  createFeedValues,
  createFollowUps,
  createInbound,
  createLedger,
  createMailings,
  createNotifications,
  createPersonIndex,
  createQueueDepths,
  createPersonNames,
  createSenders,
  createSignups,
  createSubscriptions,
  createTraffic,
  createUsage,
} from '@switchboard/store'

import type { Stores } from './routes/route-deps.ts'

/** Every record that a page shows. */
export function openStores(redis: RedisConnection): Stores {
  return {
    alerts: createAlerts(redis),
    calls: createCalls(redis),
    consent: createConsent(redis),
    feedFaults: createFeedFaults(redis),
    feedValues: createFeedValues(redis),
    followUps: createFollowUps(redis),
    inbound: createInbound(redis),
    ledger: createLedger(redis),
    mailings: createMailings(redis),
    notifications: createNotifications(redis),
    people: createPersonIndex(redis),
    queueDepths: createQueueDepths(redis),
    personNames: createPersonNames(redis),
    senders: createSenders(redis),
    signups: createSignups(redis),
    subscriptions: createSubscriptions(redis),
    traffic: createTraffic(redis),
    usage: createUsage(redis),
  }
}
