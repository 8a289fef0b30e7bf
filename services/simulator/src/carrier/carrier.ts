import type { Account } from '../account.ts'
import { rulesOf, type Channel } from '../channels.ts'
import type { Clock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import type { Message, MessageStatus, MessageStore, Sending, StatusChange } from '../message-store.ts'
import type { PhoneContent } from '../messages/phone-content.ts'
import type { People } from '../people.ts'
import { fateOf, reasons, type Fate, type FateContext } from './fate.ts'
import type { OptOuts } from './opt-outs.ts'

/** A message that an API has validated. */
export interface Order {
  id: string
  channel: Channel
  address: string
  sender: string
  content: PhoneContent
  sending: Sending
  messengerTag?: FateContext['messengerTag']
}

export interface Carrier {
  /** Takes the message; its statuses follow on the simulated clock. */
  accept(order: Order): Message
  /** Goes on with messages that were under way when the simulator stopped. */
  resume(messages: readonly Message[]): void
  /** The person opens one message, or the whole thread. Returns how many were newly read. */
  open(channel: Channel, address: string, id?: string): number
  /** The phone is on again: what waited arrives now. */
  powerOn(address: string): void
  onStatus(listener: (message: Message, change: StatusChange) => void): void
  reset(): void
}

export interface CarrierDeps {
  account: Pick<Account, 'settings'>
  clock: Pick<Clock, 'after' | 'now'>
  faults: Pick<Faults, 'takeSend'>
  messages: MessageStore
  people: Pick<People, 'ensure' | 'find'>
  optOuts: Pick<OptOuts, 'has'>
}

const SEGMENT_WINDOW_MS = 5 * 60_000

export function createCarrier(deps: CarrierDeps): Carrier {
  const { account, clock, messages, people } = deps
  const listeners: StatusListener[] = []
  const report = createReport(messages, listeners)
  const handset = createHandset(deps, report)

  const arrive = (message: Message, fate: Fate) => {
    switch (fate.kind) {
      case 'delivered':
      case 'waits-for-power':
        handset.receive(message)
        return
      case 'failed':
      case 'refused':
        report(message, fate.status, fate.code, fate.detail)
        return
      case 'segment-timeout':
        clock.after(SEGMENT_WINDOW_MS, () => report(message, 'rejected', 1490))
        return
      case 'silent':
        return
    }
  }

  const travel = (message: Message, fate: Fate) => {
    const { submittedMs, deliveredMs } = account.settings().timing
    clock.after(submittedMs, () => {
      if (fate.kind === 'refused') arrive(message, fate)
      else if (message.status === 'accepted') report(message, 'submitted')
    })
    if (fate.kind !== 'refused') clock.after(Math.max(submittedMs, deliveredMs), () => arrive(message, fate))
  }

  return {
    accept(order) {
      const message = messageOf(order)
      people.ensure(order.channel, order.address)
      messages.add(message)
      travel(message, fateOf(message, contextOf(deps, order)))
      return message
    },
    resume(underWay) {
      for (const message of underWay) {
        if (message.direction === 'out' || !['accepted', 'submitted'].includes(message.status)) continue
        travel(message, fateOf(message, contextOf(deps, message)))
      }
    },
    open: (channel, address, id) => handset.open(channel, address, id),
    powerOn: (address) => handset.powerOn(address),
    onStatus: (listener) => void listeners.push(listener),
    reset: () => handset.reset(),
  }
}

type StatusListener = (message: Message, change: StatusChange) => void
type Report = (message: Message, status: MessageStatus, code?: number, detail?: string) => void

function createReport(messages: MessageStore, listeners: readonly StatusListener[]): Report {
  return (message, status, code, detail) => {
    const at = new Date().toISOString()
    const error = code === undefined ? {} : { error: { code, detail: detail ?? reasons[code] ?? '' } }
    const change = { status, at, ...error }
    messages.changeStatus(message, change)
    for (const listener of listeners) listener(message, change)
  }
}

/** The phone at the end: it may be off, and its owner may read or not. */
function createHandset(deps: CarrierDeps, report: Report) {
  const { account, clock, messages, people } = deps
  const waiting = new Map<string, Message[]>()

  const markRead = (message: Message) => {
    const person = people.find(message.address)
    if (message.status !== 'delivered' || !rulesOf[message.channel].reportsRead) return false
    if (person?.switches.readReceipts === false) return false
    report(message, 'read')
    return true
  }
  const deliver = (message: Message) => {
    report(message, 'delivered')
    const isAutoRead = people.find(message.address)?.switches.autoRead === true
    if (message.isReadAwaited) markRead(message)
    else if (isAutoRead) clock.after(account.settings().timing.autoReadMs, () => void markRead(message))
  }
  const park = (message: Message) => {
    waiting.set(message.address, [...(waiting.get(message.address) ?? []), message])
    clock.after(message.sending?.ttlMs ?? rulesOf[message.channel].lifetimeMs, () => {
      const queue = waiting.get(message.address) ?? []
      if (!queue.includes(message)) return
      waiting.set(
        message.address,
        queue.filter((other) => other !== message),
      )
      report(message, 'rejected', 1360)
    })
  }

  return {
    receive(message: Message) {
      if (people.find(message.address)?.switches.power === false) park(message)
      else deliver(message)
    },
    open(channel: Channel, address: string, id?: string) {
      const received = messages.thread(channel, address).filter((message) => message.direction === 'in')
      const opened = received.filter((message) => id === undefined || message.id === id)
      for (const message of opened) {
        if (message.status === 'accepted' || message.status === 'submitted') message.isReadAwaited = true
      }
      return opened.filter(markRead).length
    },
    powerOn(address: string) {
      const queue = waiting.get(address) ?? []
      waiting.delete(address)
      for (const message of queue) deliver(message)
    },
    reset: () => waiting.clear(),
  }
}

function messageOf(order: Order): Message {
  const at = new Date().toISOString()
  return {
    id: order.id,
    direction: 'in',
    channel: order.channel,
    address: order.address,
    sender: order.sender,
    content: order.content,
    status: 'accepted',
    at,
    history: [{ status: 'accepted', at }],
    isReadAwaited: false,
    sending: order.sending,
  }
}

function contextOf(
  deps: CarrierDeps,
  order: Pick<Order, 'channel' | 'address' | 'sender' | 'messengerTag'>,
): FateContext {
  const { channel, address, sender } = order
  const heardAt = deps.messages.lastHeard(channel, address, sender)
  return {
    settings: deps.account.settings(),
    switches: deps.people.ensure(channel, address).switches,
    sinceHeardMs: heardAt === null ? null : deps.clock.now() - heardAt,
    isOptedOut: deps.optOuts.has(channel, sender, address),
    scripted: deps.faults.takeSend(['outcome'], { channel, address })[0],
    messengerTag: order.messengerTag,
  }
}
