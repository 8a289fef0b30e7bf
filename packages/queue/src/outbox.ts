import { alertChannels, outboundQueues } from '@switchboard/contracts'
import type { AlertChannel, OutboundMessage } from '@switchboard/contracts'

import type { RedisConnection } from './connection.ts'
import { createProducer } from './producer.ts'
import type { Producer } from './producer.ts'

export interface Outbox extends AsyncDisposable {
  /** Hands a message to the queue of its channel. The same id twice is one message. */
  send: (message: OutboundMessage) => Promise<void>
  /** Whether a message waits, or is being sent. */
  isPending: (messageId: string) => Promise<boolean>
  /** Many at once, one round trip per channel. */
  sendMany: (messages: OutboundMessage[]) => Promise<void>
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
