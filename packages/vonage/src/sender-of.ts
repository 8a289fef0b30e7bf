import type { Channel } from '@switchboard/contracts'

import { RefusedError } from './errors.ts'

/** Our own address on each channel. */
export type Senders = Partial<Record<Channel, string | undefined>>

/** Throws RefusedError when none is configured. */
export function senderOf(senders: Senders, channel: Channel): string {
  const sender = senders[channel]
  if (sender !== undefined) return sender
  throw new RefusedError({ code: 'no-sender', reason: `no sender for ${channel}`, isOperatorProblem: true })
}
