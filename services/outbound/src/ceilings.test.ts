import { limits, limitsInForce } from '@switchboard/contracts'
import type { Limits, OutboundMessage, SenderUsage } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { chargeOf, createCeilings } from './ceilings.ts'

const DAY_MS = 86_400_000
const reply: OutboundMessage = {
  id: 'm',
  channel: 'sms',
  to: '447700900010',
  text: 'a',
  purpose: 'reply',
  createdAt: 0,
}
const update: OutboundMessage = { ...reply, purpose: 'feed', about: { kind: 'feed', topic: 'MSFT', tick: 1 } }

/** Redis in memory, for as many replicas as are made of it. */
function world(configured: Limits) {
  const stored: SenderUsage[] = []
  const updates = new Map<string, number>()
  const log: string[] = []
  let at = DAY_MS
  const usage = {
    add: async (_at: number, used: SenderUsage[]) => void stored.push(...used),
    ofDay: async (when: number) =>
      Math.floor(when / DAY_MS) > 1 || stored.length === 0
        ? []
        : [stored.reduce((a, b) => ({ ...a, messages: a.messages + b.messages, spend: a.spend + b.spend }))],
    updatesTo: async ({ address }: { address: string }) => updates.get(address) ?? 0,
    countUpdate: async ({ address }: { address: string }) => void updates.set(address, (updates.get(address) ?? 0) + 1),
  }
  const replica = () =>
    createCeilings({
      limits: limitsInForce(limits.parse(configured), true),
      usage,
      senders: { sms: '447700900000' },
      observe: () => undefined,
      log: { warn: (_fields, event) => void log.push(event) },
      now: () => at,
    })
  return { replica, log, passes: (ms: number) => void (at += ms) }
}

describe('the budget of a sender', () => {
  const alert = { ...reply, purpose: 'alert' } as const
  const optOut = { ...reply, ignoresConsent: true, ignoresReplyLimit: true }

  it('stops updates, then notifications, then replies; never alerts and confirmations of an opt-out', async () => {
    const { replica, log } = world({ messagesPerSenderPerDay: 10 })
    const ceilings = replica()
    const stopped: string[] = []
    for (let sent = 1; sent <= 12; sent += 1) {
      await ceilings.report(alert, 'accepted')
      for (const message of [update, { ...reply, purpose: 'notification' } as const, reply, alert, optOut]) {
        const reason = await ceilings.reached(message)
        if (reason) stopped.push(`${sent} ${message.purpose} ${reason}`)
      }
    }
    expect(stopped.filter((line) => /^(8|9|10) /.test(line))).toEqual([
      '8 feed over-budget',
      '9 feed over-budget',
      '9 notification over-budget',
      '10 feed over-budget',
      '10 notification over-budget',
      '10 reply over-budget',
    ])
    expect(stopped.some((line) => /alert/.test(line))).toBe(false)
    expect(log).toEqual(['budget.reached', 'budget.reached', 'budget.reached'])
  })

  it('is one for all replicas, and a new one each day', async () => {
    const { replica, passes } = world({ messagesPerSenderPerDay: 2 })
    const [one, other] = [replica(), replica()]
    await one.report(reply, 'accepted')
    await one.report(reply, 'accepted')
    await one.flush()
    expect(await other.reached(reply)).toBe('over-budget')
    passes(DAY_MS)
    expect(await other.reached(reply)).toBeUndefined()
    await one.report(reply, 'refused')
    expect(await one.reached(reply)).toBeUndefined()
  })

  it('counts money by what statuses say', async () => {
    const ceilings = world({ spendPerSenderPerDay: 0.1 }).replica()
    const record = { ...reply, state: 'submitted', events: [], uuids: {} } as const
    const status = {
      kind: 'message',
      messageUuid: 'u',
      state: 'submitted',
      at: 0,
      receivedAt: 0,
      price: '0.06',
    } as const
    await ceilings.reportStatus('m', { ...record, events: [] }, status)
    expect(await ceilings.reached(reply)).toBeUndefined()
    await ceilings.reportStatus('m', { ...record, events: [] }, status)
    expect(await ceilings.reached(reply)).toBe('over-budget')
  })

  it.each([
    ['sms', 'submitted', [], 0.03],
    ['sms', 'delivered', ['submitted'], 0],
    ['sms', 'delivered', [], 0.03],
    ['whatsapp', 'submitted', [], 0],
    ['whatsapp', 'delivered', ['submitted'], 0.03],
    ['whatsapp', 'read', ['delivered'], 0],
  ] as const)('charges %s at %s after %j: %d', (channel, state, before, charge) => {
    const events = [...before, state].map((each) => ({ state: each, at: 0 }))
    expect(chargeOf({ state, price: '0.03' }, { channel, events })).toBe(charge)
    expect(chargeOf({ state, price: 'Infinity' }, { channel, events })).toBe(0)
    expect(chargeOf({ state, price: '-5' }, { channel, events })).toBe(0)
  })
})

it('a subscriber gets only so many updates a day', async () => {
  const ceilings = world({ updatesPerSubscriberPerDay: 2 }).replica()
  for (let sent = 0; sent < 2; sent += 1) {
    expect(await ceilings.reached(update)).toBeUndefined()
    await ceilings.report(update, 'accepted')
  }
  expect(await ceilings.reached(update)).toBe('subscriber-limit')
  expect(await ceilings.reached({ ...update, to: '447700900011' })).toBeUndefined()
  expect(await ceilings.reached(reply)).toBeUndefined()
})
