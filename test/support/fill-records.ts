import type { AlertPlan, OutboundMessage } from '@switchboard/contracts'
import { createAlerts, createConsent, createLedger, createNotifications, createTraffic } from '@switchboard/store'
import { Redis } from 'ioredis'

import { keepNotification } from './keep-record.ts'
import { subscribe } from './subscribe.ts'

export interface RecordCounts {
  alerts: number
  subscriptions: number
  messages: number
  notifications: number
}

const BATCH = 1_000
/** One person with a long history, to be looked at. */
export const knownPerson = '447700900000'

const plan: AlertPlan = {
  policy: 'oncall',
  users: ['Tony', 'Michael'].map((name, index) => ({
    name,
    channels: (['sms', 'whatsapp'] as const).map((channel) => ({
      channel,
      to: `44770090001${index}`,
      expirySeconds: 600,
      condition: 'read' as const,
    })),
    finalWaitSeconds: 600,
  })),
  repeat: 0,
  announce: false,
  engine: 'local',
}

/** Fills a database through the stores, as the services would. */
export async function fillRecords(redisUrl: string, counts: RecordCounts, now: number): Promise<void> {
  const redis = new Redis(redisUrl)
  try {
    await fillAlerts(redis, counts.alerts, now)
    await fillSubscriptions(redis, counts.subscriptions, now)
    await fillMessages(redis, counts.messages, now)
    await fillNotifications(redis, counts.notifications, now)
  } finally {
    redis.disconnect()
  }
}

async function inBatches(count: number, make: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => from + index)
    await Promise.all(indexes.map(make))
  }
}

async function fillAlerts(redis: Redis, count: number, now: number): Promise<void> {
  const alerts = createAlerts(redis)
  const planId = await alerts.savePlan(plan)
  await inBatches(count, async (index) => {
    const isOpen = index % 2 === 0
    const createdAt = now - index * 1_000
    const alert = {
      id: `alert-${index}`,
      code: `A${(index % 9_999) + 1}`,
      text: `Disk ${index} is full`,
      planId,
      state: isOpen ? ('walking' as const) : ('exhausted' as const),
      createdAt,
      step: { round: 0, user: 0, channel: 0 },
      dueAt: now + 600_000 + index,
      resends: 0,
      timeline: [
        { at: createdAt, event: 'started' as const },
        { at: createdAt, event: 'contacting' as const, step: [0, 0, 0] as [number, number, number] },
      ],
    }
    await alerts.change(alert.id, () => alert)
    await alerts.takeCode(alert)
    await (isOpen ? alerts.due.enter(alert.id, alert.dueAt) : alerts.listEnded(alert))
  })
}

async function fillSubscriptions(redis: Redis, count: number, now: number): Promise<void> {
  const consent = createConsent(redis)
  await inBatches(count, async (index) => {
    const address = String(447_700_900_000 + index)
    const times = { sentAt: now, receivedAt: now - index, causeId: `sub-${index}` }
    await subscribe(redis, { channel: 'sms', address }, 'MSFT', now - index)
    await consent.record(`tel.${address}`, { state: 'in', source: 'text', words: 'START', ...times })
  })
}

async function fillMessages(redis: Redis, count: number, now: number): Promise<void> {
  const ledger = createLedger(redis)
  const traffic = createTraffic(redis)
  await inBatches(count, async (index) => {
    // Every hundredth goes to the same person.
    const to = index % 100 === 0 ? knownPerson : String(447_700_900_000 + (index % 100_000))
    const message: OutboundMessage = {
      id: `feed-${index}`,
      channel: 'sms',
      to,
      text: `MSFT ${index}`,
      purpose: 'feed',
      createdAt: now - index,
    }
    await ledger.claim(message, now)
    await ledger.record(message.id, { state: 'accepted', at: now, uuids: [`uuid-${index}`] })
    await traffic.noteMessages([{ id: message.id, at: message.createdAt }])
  })
}

async function fillNotifications(redis: Redis, count: number, now: number): Promise<void> {
  const notifications = createNotifications(redis)
  await inBatches(count, async (index) => {
    const createdAt = now - index * 1_000
    await keepNotification(notifications, {
      id: `note-${index}`,
      name: 'delivery',
      contact: { channel: 'sms', address: String(447_700_900_000 + index) },
      text: 'Reply 1 or 2',
      variables: {},
      options: { '1': 'tomorrow', '2': 'Thursday' },
      texts: { acknowledgement: '', askAgain: '', handedOver: '', tooLate: '' },
      warnings: [],
      createdAt,
      expiresAt: createdAt + 86_400_000,
      needsPerson: false,
      replies: [],
    })
  })
}
