import { alertChannels, channels, outboundQueues, packQueues, priorityOf } from '@switchboard/contracts'
import type { AlertChannel, Channel, MessagePack, OutboundMessage } from '@switchboard/contracts'

import type { RedisConnection } from './connection.ts'
import { createProducer } from './producer.ts'
import type { Producer } from './producer.ts'

export interface Outbox extends AsyncDisposable {
  /** Hands a message to the queue of its channel. The same id twice is one message. */
  send: (message: OutboundMessage) => Promise<void>
  /** Whether a message waits, or is being sent. */
  isPending: (messageId: string) => Promise<boolean>
  /** Whether something more urgent than a feed waits on a channel. */
  isUrgent: (channel: AlertChannel) => Promise<boolean>
  /** Many at once, one round trip per channel. */
  sendMany: (messages: OutboundMessage[]) => Promise<void>
}

export interface PackOutbox extends AsyncDisposable {
  /** Hands packs to the queues of their channels. The same id twice is one pack. */
  sendPacks: (packs: MessagePack[]) => Promise<void>
}

/** The way out for every workflow: the outbound queues as one. */
export function createOutbox(redis: RedisConnection): Outbox {
  const producers = new Map<AlertChannel, Producer<OutboundMessage>>(
    alertChannels.map((channel) => [channel, createProducer(outboundQueues[channel], redis)]),
  )
  return {
    async send(message) {
      await producers.get(message.channel)?.enqueue(message)
    },
    async isPending(messageId) {
      const pending = await Promise.all([...producers.values()].map((producer) => producer.isPending(messageId)))
      return pending.includes(true)
    },
    isUrgent: async (channel) => (await producers.get(channel)?.hasWaiting(priorityOf.feed)) ?? false,
    async sendMany(messages) {
      await Promise.all(
        [...producers].map(([channel, producer]) =>
          producer.enqueueMany(messages.filter((message) => message.channel === channel)),
        ),
      )
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...producers.values()].map((producer) => producer[Symbol.asyncDispose]()))
    },
  }
}

/** The way out for what goes to many at once. */
export function createPackOutbox(redis: RedisConnection): PackOutbox {
  const producers = new Map<Channel, Producer<MessagePack>>(
    channels.map((channel) => [channel, createProducer(packQueues[channel], redis)]),
  )
  return {
    async sendPacks(packs) {
      await Promise.all(
        [...producers].map(([channel, producer]) =>
          producer.enqueueMany(packs.filter((pack) => pack.channel === channel)),
        ),
      )
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...producers.values()].map((producer) => producer[Symbol.asyncDispose]()))
    },
  }
}
