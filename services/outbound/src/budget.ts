import { alertChannels, budgetUsed } from '@switchboard/contracts'
import type { LimitsInForce, OutboundMessage, SenderUsage, SwitchboardConfig } from '@switchboard/contracts'
import { dayOf } from '@switchboard/store'
import type { Usage } from '@switchboard/store'

export interface BudgetDeps {
  limits: LimitsInForce
  usage: Pick<Usage, 'add' | 'ofDay'>
  senders: SwitchboardConfig['senders']
  observe: (channel: string, used: number) => void
  now: () => number
}

type Sent = Pick<OutboundMessage, 'channel' | 'from'>

export interface Budget {
  /** How much of its budget of today the sender of a message has used; 1: all. */
  usedBy: (message: Sent) => Promise<number>
  add: (message: Sent, amount: { messages: number; spend: number }) => void
  /** Writes what has been counted since the last time, and reads what all replicas have. */
  flush: () => Promise<void>
}

/** Exact to what all replicas send within a second: a message costs no command of its own. */
export function createBudget({ limits, usage, senders, observe, now }: BudgetDeps): Budget {
  let known: Promise<Map<string, SenderUsage>> | undefined
  let day = dayOf(now())
  let pending = new Map<string, SenderUsage>()

  const load = () => {
    if (dayOf(now()) !== day) known = undefined
    day = dayOf(now())
    known ??= usage.ofDay(now()).then(byId, (error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
  const nothingBy = ({ channel, from }: Sent): SenderUsage => ({
    channel,
    sender: from ?? senders[channel] ?? '',
    messages: 0,
    spend: 0,
  })

  return {
    async usedBy(message) {
      const nothing = nothingBy(message)
      const written = (await load()).get(idOf(nothing)) ?? nothing
      return budgetUsed(sum(written, pending.get(idOf(nothing)) ?? nothing), limits)
    },
    add(message, amount) {
      const nothing = nothingBy(message)
      pending.set(idOf(nothing), sum({ ...nothing, ...amount }, pending.get(idOf(nothing)) ?? nothing))
    },
    async flush() {
      const counted = [...pending.values()]
      pending = new Map()
      if (counted.length > 0) await usage.add(now(), counted)
      known = undefined
      const used = [...(await load()).values()]
      for (const channel of alertChannels) {
        const shares = used.filter((each) => each.channel === channel).map((each) => budgetUsed(each, limits))
        observe(channel, Math.max(0, ...shares))
      }
    },
  }
}

function byId(list: SenderUsage[]): Map<string, SenderUsage> {
  return new Map(list.map((each) => [idOf(each), each]))
}

function idOf({ channel, sender }: SenderUsage): string {
  return `${channel} ${sender}`
}

function sum(one: SenderUsage, other: SenderUsage): SenderUsage {
  return { ...one, messages: one.messages + other.messages, spend: one.spend + other.spend }
}
