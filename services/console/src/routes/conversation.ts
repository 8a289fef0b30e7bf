import type { CallRecord, InboundRecord, LedgerRecord } from '@switchboard/store'

/** What one of both sides said, or did, in the order of time. */
export type Turn =
  | { kind: 'inbound'; at: number; message: InboundRecord }
  | { kind: 'outbound'; at: number; message: LedgerRecord & { id: string } }
  | { kind: 'call'; at: number; call: CallRecord }

const SHOWN = 60

/** One conversation across all channels, both directions, newest first. Updates of feeds are part of it where that is wished. */
export function conversationOf(
  person: { inbound: InboundRecord[]; messages: (LedgerRecord & { id: string })[]; calls: CallRecord[] },
  { withUpdates }: { withUpdates: boolean },
): { turns: Turn[]; updates: number } {
  // What left together with others is in the message that had them all.
  const messages = person.messages.filter(
    ({ purpose, bundle }) => bundle === undefined && (withUpdates || purpose !== 'feed'),
  )
  const turns: Turn[] = [
    ...person.inbound.map((message) => ({ kind: 'inbound' as const, at: message.receivedAt, message })),
    ...messages.map((message) => ({ kind: 'outbound' as const, at: message.createdAt, message })),
    ...person.calls.map((call) => ({ kind: 'call' as const, at: call.startedAt, call })),
  ]
  return {
    turns: turns.toSorted((a, b) => b.at - a.at).slice(0, SHOWN),
    updates: person.messages.filter(({ purpose }) => purpose === 'feed').length,
  }
}
