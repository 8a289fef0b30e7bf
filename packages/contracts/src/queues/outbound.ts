import { perAlertChannel, queueNameOf } from '../channel.ts'
import { defineQueue } from '../define-queue.ts'
import { outboundMessage as schema, priorityOf } from '../outbound-message.ts'
import type { OutboundMessage } from '../outbound-message.ts'

const sending = {
  workedBy: 'outbound' as const,
  schema,
  jobId: (message: OutboundMessage) => message.id,
  // Its own end decides how long a message is tried, at most a day: this is more than fits into one.
  retry: { attempts: 3_000, firstDelayMs: 1_000 },
  priority: (message: OutboundMessage) => priorityOf[message.purpose],
  keepCompletedSeconds: 600,
  keepCompletedCount: 1_000,
}

/** The queue of each channel, and that of phone calls. */
export const outboundQueues = perAlertChannel((_facts, on) =>
  defineQueue({ name: queueNameOf('outbound', on), ...sending }),
)
