import { alertChannel, messageContent, messageState, purpose } from '@switchboard/contracts'
import type { LedgerRecord } from '@switchboard/store'
import { z } from 'zod'

/** A message as the API shows it. */
export const messageView = z.object({
  id: z.string(),
  channel: alertChannel,
  to: z.string(),
  from: z.string().nullable(),
  text: z.string(),
  content: messageContent.nullable(),
  purpose,
  state: messageState,
  /** Why it stands so: of a refusal, or of a message that was not sent. */
  reason: z.string().nullable(),
  error: z.object({ code: z.string(), reason: z.string() }).nullable(),
  messageUuids: z.array(z.string()),
  createdAt: z.iso.datetime(),
  events: z.array(z.object({ state: messageState, at: z.iso.datetime(), reason: z.string().nullable() })),
})
export type MessageView = z.infer<typeof messageView>

export function viewMessage(id: string, record: LedgerRecord): MessageView {
  const { channel, to, from, text, content, purpose, state, error, uuids, createdAt, events } = record
  return {
    id,
    channel,
    to,
    from: from ?? null,
    text,
    content: content ?? null,
    purpose,
    state,
    reason: error?.reason ?? events.at(-1)?.reason ?? null,
    error: error ? { code: error.code, reason: error.reason } : null,
    messageUuids: Object.keys(uuids),
    createdAt: iso(createdAt),
    events: events.map((event) => ({ state: event.state, at: iso(event.at), reason: event.reason ?? null })),
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
