import type { AlertChannel } from '@switchboard/contracts'

import { NotAcceptedError } from './outcome.ts'

/** Our own address on each channel. */
export type Senders = Partial<Record<AlertChannel, string | undefined>>

/** Throws NotAcceptedError when none is configured. */
export function senderOf(senders: Senders, channel: AlertChannel): string {
  const sender = senders[channel]
  if (sender !== undefined) return sender
  throw new NotAcceptedError({ kind: 'refused', code: 'no-sender', reason: `no sender for ${channel}` })
}
