import { z } from 'zod'

import { channels, type Channel } from './channels.ts'
import { phoneContentSchema } from './messages/phone-content.ts'

const status = z.enum(['accepted', 'submitted', 'delivered', 'read', 'rejected', 'undeliverable', 'sent', 'failed'])

const statusChange = z.object({
  status,
  at: z.iso.datetime(),
  error: z.object({ code: z.number(), detail: z.string() }).optional(),
})

/** What only messages sent through Vonage have: how they were sent and where their statuses go. */
const sending = z.object({
  api: z.enum(['v1', 'v0.1', 'sms', 'auto']),
  auth: z.enum(['jwt', 'basic']),
  clientRef: z.string().optional(),
  webhookUrl: z.string().optional(),
  webhookVersion: z.enum(['v1', 'v0.1']).optional(),
  ttlMs: z.number().optional(),
  /** One id per SMS part; the first is the message's own. */
  partIds: z.array(z.string()),
  wantsReceipt: z.boolean(),
  workflow: z.object({ id: z.string(), number: z.number(), total: z.number() }).optional(),
  dispatchUuid: z.string().optional(),
})

/** One message of a thread. `in` was received by the phone, `out` was sent from it. */
export const messageSchema = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']),
  channel: z.enum(channels),
  /** The person's address. */
  address: z.string(),
  /** Our side: number, page or service id. */
  sender: z.string(),
  content: phoneContentSchema,
  status,
  at: z.iso.datetime(),
  history: z.array(statusChange),
  /** The person opened it before it had arrived: read follows delivered at once. */
  isReadAwaited: z.boolean(),
  sending: sending.optional(),
})

export type MessageStatus = z.infer<typeof status>
export type StatusChange = z.infer<typeof statusChange>
export type Sending = z.infer<typeof sending>
export type Message = z.infer<typeof messageSchema>

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
  /** Everybody who has written, and when. */
  allHeard(): { channel: Channel; address: string; sender: string; at: number }[]
  reset(): void
}

const KEPT_PER_THREAD = 2_000

export function createMessageStore(changed: (message: Message) => void): MessageStore {
  const threads = new Map<string, Message[]>()
  const byId = new Map<string, Message>()
  const heardAt = new Map<string, ReturnType<MessageStore['allHeard']>[number]>()

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
    lastHeard: (channel, address, sender) => heardAt.get(`${channel}/${address}/${sender}`)?.at ?? null,
    heard(channel, address, sender, at) {
      const key = `${channel}/${address}/${sender}`
      if (at === null) heardAt.delete(key)
      else heardAt.set(key, { channel, address, sender, at })
    },
    allHeard: () => [...heardAt.values()],
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
