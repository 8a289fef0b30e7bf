import { factsOf, stopsFor } from '@switchboard/contracts'
import type { Log, MessageStatus, OutboundMessage } from '@switchboard/contracts'
import type { LedgerRecord, Usage } from '@switchboard/store'

import { createBudget } from './budget.ts'
import type { BudgetDeps } from './budget.ts'
import type { Report } from './combine-reports.ts'

export interface CeilingsDeps extends BudgetDeps {
  usage: Usage
  log: Log<'warn'>
}

export interface Ceilings extends Report {
  /** Why this message is one too many; undefined when it is not. */
  reached: (message: OutboundMessage) => Promise<'over-budget' | 'subscriber-limit' | undefined>
  flush: () => Promise<void>
}

/** How much one sender, and one subscriber, gets of a day. */
export function createCeilings(deps: CeilingsDeps): Ceilings {
  const { limits, usage, now, log } = deps
  const hasBudget = limits.messagesPerSenderPerDay < Infinity || limits.spendPerSenderPerDay < Infinity
  const budget = hasBudget ? createBudget(deps) : undefined
  const said = new Set<string>()
  const isCounted = ({ about }: OutboundMessage) =>
    about?.kind === 'feed' && limits.updatesPerSubscriberPerDay < Infinity

  return {
    async reached(message) {
      const { channel, to, purpose } = message
      // The confirmation of an opt-out ignores every limit.
      if (purpose === 'alert' || message.ignoresReplyLimit) return undefined
      const isOver = stopsFor(purpose, (await budget?.usedBy(message)) ?? 0)
      const what = `${channel} ${purpose}`
      if (isOver && !said.has(what)) log.warn({ channel, purpose }, 'budget.reached')
      if (isOver) said.add(what)
      else said.delete(what)
      if (isOver) return 'over-budget'
      if (!isCounted(message)) return undefined
      const updates = await usage.updatesTo({ channel, address: to }, now())
      return updates >= limits.updatesPerSubscriberPerDay ? 'subscriber-limit' : undefined
    },
    async report(message, state) {
      if (state !== 'accepted') return
      budget?.add(message, { messages: 1, spend: 0 })
      if (isCounted(message)) await usage.countUpdate({ channel: message.channel, address: message.to }, now())
    },
    async reportStatus(_messageId, record, status) {
      budget?.add(record, { messages: 0, spend: chargeOf(status, record) })
    },
    flush: async () => budget?.flush(),
  }
}

/**
 * What a status says that its message costs: an SMS when it is submitted, everything else when it is delivered
 * (reference: statuses, charge moment), a call when it ends. Receipts of the SMS API name the price in the end only.
 */
export function chargeOf(
  { state, price }: Pick<MessageStatus, 'state' | 'price'>,
  { channel, events }: Pick<LedgerRecord, 'channel' | 'events'>,
): number {
  const amount = Number(price ?? 0)
  if (!(amount > 0 && amount < Infinity)) return 0
  if (channel === 'voice') return state === 'submitted' ? 0 : amount
  if (factsOf[channel].chargedWhen === 'delivered') return state === 'delivered' ? amount : 0
  const wasSubmitted = events.some((event) => event.state === 'submitted')
  return state === 'submitted' || (state !== 'read' && !wasSubmitted) ? amount : 0
}
