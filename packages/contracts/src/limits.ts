import { z } from 'zod'

import type { AlertChannel } from './channel.ts'
import type { Purpose } from './outbound-message.ts'

const none = z.literal('none')
const ceiling = (most: number) => z.union([z.int().min(1).max(most), none]).exactOptional()

/**
 * What may be spent on strangers' wishes. Whoever can make us send can make us pay: these are the ends of it. Left out
 * they have defaults with a real account, and are off with the simulator; `none` is off for good.
 */
export const limits = z.strictObject({
  messagesPerSenderPerDay: ceiling(100_000_000).describe('accepted messages of one sender in a day (UTC); 10,000'),
  spendPerSenderPerDay: z
    .union([z.number().positive().max(1e6), none])
    .exactOptional()
    .describe('what Vonage says they cost, in the currency of the account; 200'),
  updatesPerSubscriberPerDay: ceiling(100_000).describe('feed messages to one subscriber in a day (UTC); 500'),
  callsPerNumberPerHour: ceiling(100_000).describe(
    'calls of one number that are answered in an hour, and of alerts to one number; 30 each',
  ),
})
export type Limits = z.infer<typeof limits>

const defaults = {
  messagesPerSenderPerDay: 10_000,
  spendPerSenderPerDay: 200,
  updatesPerSubscriberPerDay: 500,
  callsPerNumberPerHour: 30,
}
export type LimitsInForce = Record<keyof typeof defaults, number>

/** Infinity: no limit. */
export function limitsInForce(configured: Limits, isSimulated: boolean): LimitsInForce {
  const read = (name: keyof LimitsInForce): number => {
    const value = configured[name] ?? (isSimulated ? 'none' : defaults[name])
    return value === 'none' ? Infinity : value
  }
  return {
    messagesPerSenderPerDay: read('messagesPerSenderPerDay'),
    spendPerSenderPerDay: read('spendPerSenderPerDay'),
    updatesPerSubscriberPerDay: read('updatesPerSubscriberPerDay'),
    callsPerNumberPerHour: read('callsPerNumberPerHour'),
  }
}

/** What a sender has used of its day. */
export interface SenderUsage {
  channel: AlertChannel
  sender: string
  messages: number
  /** In the currency of the account. */
  spend: number
}

/** 1: the budget of the day is used up. */
export function budgetUsed(
  { messages, spend }: Pick<SenderUsage, 'messages' | 'spend'>,
  { messagesPerSenderPerDay, spendPerSenderPerDay }: LimitsInForce,
): number {
  return Math.max(messages / messagesPerSenderPerDay, spend / spendPerSenderPerDay)
}

/** What can wait stops first: the end of the budget is for answers. Alerts have none. */
const stopsAt: Record<Purpose, number> = { feed: 0.8, notification: 0.9, message: 0.9, reply: 1, alert: Infinity }

/** Whether a message of this purpose is no longer sent when so much of the budget is used. */
export function stopsFor(purpose: Purpose, used: number): boolean {
  return used >= stopsAt[purpose]
}
