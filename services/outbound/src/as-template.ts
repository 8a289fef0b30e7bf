import { templateMessageId } from '@switchboard/contracts'
import type { MessageStatus, MessageTemplate, OutboundMessage } from '@switchboard/contracts'
import type { LedgerRecord } from '@switchboard/store'

/** Outside the 24-hour window (Messages API error table). */
const OUTSIDE_WINDOW_CODE = '1340'
/** It goes out now or not at all: an alert has walked on by then. */
const LATE_MS = 5 * 60_000

/**
 * The message that says the same as a WhatsApp template where the window was closed at the provider although it was open
 * by what we know; undefined where there is no template, or nothing that a template can say. A caller of our Dispatch
 * endpoint said what its message is, and hears of the refusal.
 */
export function asTemplate(
  messageId: string,
  { channel, to, from, text, content, template: own, purpose, about }: LedgerRecord,
  { state, error, receivedAt }: MessageStatus,
  configured: MessageTemplate | undefined,
): OutboundMessage | undefined {
  const template = own ?? configured
  if (state !== 'rejected' || error?.code !== OUTSIDE_WINDOW_CODE) return undefined
  if (channel !== 'whatsapp' || content || !template) return undefined
  if (about?.kind === 'alert' && about.isReported) return undefined
  return {
    id: templateMessageId(messageId),
    channel,
    to,
    ...(from === undefined ? {} : { from }),
    text,
    content: { type: 'template', template },
    purpose,
    ...(about ? { about } : {}),
    createdAt: receivedAt,
    expiresAt: receivedAt + LATE_MS,
  }
}
