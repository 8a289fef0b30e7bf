import { perChannel, queueNameOf } from '../channel.ts'
import { defineQueue } from '../define-queue.ts'
import { messagePack as schema } from '../message-pack.ts'
import type { MessagePack } from '../message-pack.ts'

const packing = {
  workedBy: 'outbound' as const,
  schema,
  jobId: ({ id }: MessagePack) => id,
  // As a message's: its own end decides how long it is tried.
  retry: { attempts: 3_000, firstDelayMs: 1_000 },
  keepCompletedSeconds: 600,
  keepCompletedCount: 1_000,
}

/** Beside the queue of each channel: what can wait until nothing else does. */
export const packQueues = perChannel((_facts, on) => defineQueue({ name: queueNameOf('pack', on), ...packing }))
