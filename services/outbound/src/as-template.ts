import { factsOf, isChannel, needsWindow, templateMessageId } from '@switchboard/contracts'
import type { MessageStatus, MessageTemplate, OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import type { LedgerRecord } from '@switchboard/store'

/** Outside the 24-hour window (Messages API error table). */
const OUTSIDE_WINDOW_CODE = '1340'
/** It goes out now or not at all: an alert has walked on by then. */
const LATE_MS = 5 * 60_000

/**
 * The message that says the same as a template where the window was closed at the provider although it was open
 * by what we know; undefined where there is no template, or nothing that a template can say. A caller of our Dispatch
 * endpoint said what its message is, and hears of the refusal.
 */
export function asTemplate(
  messageId: string,
  record: LedgerRecord,
  { state, error, receivedAt }: MessageStatus,
  templates: SwitchboardConfig['templates'],
): OutboundMessage | undefined {
  const { channel, to, from, text, purpose, about } = record
  if (state !== 'rejected' || error?.code !== OUTSIDE_WINDOW_CODE) return undefined
  const template = templateFor(record, templates)
  if (!template || !needsWindow(record)) return undefined
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

/** The template that says what a message says, its own or the configured one, on a channel that has templates. */
export function templateFor(
  { channel, template, content, about }: Pick<OutboundMessage, 'channel' | 'template' | 'content' | 'about'>,
  templates: SwitchboardConfig['templates'],
): MessageTemplate | undefined {
  if (!isChannel(channel) || !factsOf[channel].hasTemplates) return undefined
  // None stands for a picture, unless an alert has it instead of its text.
  const isText = content === undefined || about?.kind === 'bundle' || (about?.kind === 'alert' && !about.isReported)
  return isText ? (template ?? templates[channel]) : undefined
}
