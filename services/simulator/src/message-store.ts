import type { Channel } from './channels.ts'
import type { PhoneContent } from './messages/phone-content.ts'

export type MessageStatus =
  | 'accepted'
  | 'submitted'
  | 'delivered'
  | 'read'
  | 'rejected'
  | 'undeliverable'
  | 'sent'
  | 'failed'

export interface StatusChange {
  status: MessageStatus
  at: string
  error?: { code: number; detail: string }
}

/** What only messages sent through Vonage have: how they were sent and where their statuses go. */
export interface Sending {
  api: 'v1' | 'v0.1' | 'sms' | 'auto'
  auth: 'jwt' | 'basic'
  clientRef?: string
  webhookUrl?: string
  webhookVersion?: 'v1' | 'v0.1'
  ttlMs?: number
  /** One id per SMS part; the first is the message's own. */
  partIds: string[]
  wantsReceipt: boolean
  workflow?: { id: string; number: number; total: number }
  dispatchUuid?: string
}

/** One message of a thread. `in` was received by the phone, `out` was sent from it. */
export interface Message {
  id: string
  direction: 'in' | 'out'
  channel: Channel
  /** The person's address. */
  address: string
  /** Our side: number, page or service id. */
  sender: string
  content: PhoneContent
  status: MessageStatus
  at: string
  history: StatusChange[]
  /** The person opened it before it had arrived: read follows delivered at once. */
  isReadAwaited: boolean
  sending?: Sending
}

export interface MessageStore {
  add(message: Message): void
  get(id: string): Message | null
  thread(channel: Channel, address: string): Message[]
  /** Records a status and tells the page. */
  changeStatus(message: Message, change: StatusChange): void
  threads(): { channel: Channel; address: string; messages: Message[] }[]
  /** When the person last wrote, in simulated time, or null. */
  lastHeard(channel: Channel, address: string, sender: string): number | null
  heard(channel: Channel, address: string, sender: string, at: number | null): void
  reset(): void
}

const KEPT_PER_THREAD = 2_000

export function createMessageStore(changed: (message: Message) => void): MessageStore {
  const threads = new Map<string, Message[]>()
  const byId = new Map<string, Message>()
  const heardAt = new Map<string, number>()

  return {
    add(message) {
      const key = `${message.channel}/${message.address}`
      const thread = threads.get(key) ?? []
      threads.set(key, thread)
      thread.push(message)
      byId.set(message.id, message)
      for (const part of message.sending?.partIds ?? []) byId.set(part, message)
      if (thread.length > KEPT_PER_THREAD) forget(byId, thread.shift())
      changed(message)
    },
    get: (id) => byId.get(id) ?? null,
    thread: (channel, address) => threads.get(`${channel}/${address}`) ?? [],
    changeStatus(message, change) {
      message.status = change.status
      message.history.push(change)
      changed(message)
    },
    threads: () =>
      [...threads.values()].flatMap((messages) => {
        const first = messages[0]
        return first ? [{ channel: first.channel, address: first.address, messages }] : []
      }),
    lastHeard: (channel, address, sender) => heardAt.get(`${channel}/${address}/${sender}`) ?? null,
    heard(channel, address, sender, at) {
      const key = `${channel}/${address}/${sender}`
      if (at === null) heardAt.delete(key)
      else heardAt.set(key, at)
    },
    reset() {
      threads.clear()
      byId.clear()
      heardAt.clear()
    },
  }
}

function forget(byId: Map<string, Message>, message: Message | undefined): void {
  if (!message) return
  byId.delete(message.id)
  for (const part of message.sending?.partIds ?? []) byId.delete(part)
}
