import {
  advance,
  alertChannel,
  messageParts,
  messageState,
  messageSubject,
  messageTemplate,
  providerError,
  purpose,
  redactLinks,
} from '@switchboard/contracts'
import type { MessageState, OutboundMessage } from '@switchboard/contracts'
import { z } from 'zod'

import type { Change } from './records.ts'

const ledgerEvent = z.object({ state: messageState, at: z.int(), reason: z.string().optional() })

const usage = z.object({ price: z.string(), currency: z.string().optional() })

/** What became of one outbound message. */
const ledgerRecord = z.object({
  channel: alertChannel,
  to: z.string(),
  from: z.string().optional(),
  /** Without the tokens of its links: nobody is shown them, and the job that sends it has its own. */
  text: z.string(),
  /** What went out instead of the text. */
  content: messageParts.shape.content,
  /** Its own, which would have gone out outside the 24-hour window. */
  template: messageTemplate.optional(),
  purpose,
  about: messageSubject.optional(),
  state: messageState,
  /** In the order they reached us. */
  events: z.array(ledgerEvent),
  error: providerError.optional(),
  /** One, or one per part with the SMS API; the state Vonage last reported of each. */
  uuids: z.record(z.string(), messageState).default({}),
  /** Of a message that a Dispatch caller is told about: what each part cost, as Vonage says it. */
  usage: z.record(z.string(), usage).optional(),
  /** Who claimed it: tells our own claim from that of another worker when Redis is asked a second time. */
  claimant: z.string().optional(),
  /** The message that this one is part of, whose state is its own. */
  bundle: z.string().optional(),
  createdAt: z.int(),
})
export type LedgerRecord = z.infer<typeof ledgerRecord>

/** As records are written: an event is a line, with its time counted from the creation of the message. */
export const storedRecord = ledgerRecord
  .extend({ events: z.array(z.tuple([messageState, z.int(), z.string().optional()])) })
  .transform(({ events, ...rest }): LedgerRecord => ({
    ...rest,
    events: events.map(([state, after, reason]) => ({
      state,
      at: rest.createdAt + after,
      ...(reason === undefined ? {} : { reason }),
    })),
  }))

export function encodeRecord({ events, ...rest }: LedgerRecord): z.input<typeof storedRecord> {
  return {
    ...rest,
    events: events.map(({ state, at, reason }) => {
      const after = at - rest.createdAt
      return reason === undefined ? [state, after] : [state, after, reason]
    }),
  }
}

export type Claim =
  | { kind: 'claimed'; record: LedgerRecord }
  /** An earlier try got this far; nothing may be sent. */
  | { kind: 'taken'; record: LedgerRecord }

export interface LedgerEvent {
  state: MessageState
  at: number
  reason?: string | undefined
  error?: { code: string; reason: string } | undefined
  /** Vonage's ids, known from the acceptance; on a status, the one it is about. */
  uuids?: string[] | undefined
  from?: string | undefined
  /** What the message, or the part with this uuid, cost. */
  price?: string | undefined
  currency?: string | undefined
}

/** Of a message that nobody has tried to send. */
export function newRecord({
  channel,
  to,
  text,
  content,
  template,
  purpose,
  about,
  createdAt,
}: OutboundMessage): LedgerRecord {
  return {
    channel,
    to,
    text: redactLinks(text),
    ...(content ? { content } : {}),
    ...(template ? { template } : {}),
    purpose,
    ...(about ? { about } : {}),
    state: 'released',
    events: [],
    uuids: {},
    createdAt,
  }
}

export function claimMessage(
  current: LedgerRecord | undefined,
  message: OutboundMessage,
  { now, claimant }: { now: number; claimant: string },
): Change<LedgerRecord, Claim> {
  if (current?.claimant === claimant && current.state === 'sending')
    return { result: { kind: 'claimed', record: current } }
  // One that was refused was not sent either: whoever runs its job again wants it to be.
  if (current && current.state !== 'released' && current.state !== 'refused')
    return { result: { kind: 'taken', record: current } }
  const { error: _past, ...record } = current ?? newRecord(message)
  const events = [...record.events, { state: 'sending' as const, at: now }]
  const { about } = message
  const text = redactLinks(message.text)
  // A bundle is written anew at each try.
  const next: LedgerRecord = { ...record, text, ...(about ? { about } : {}), state: 'sending', events, claimant }
  return { next, result: { kind: 'claimed', record: next } }
}

export function refuseMessage(
  current: LedgerRecord | undefined,
  message: OutboundMessage,
  event: LedgerEvent,
): Change<LedgerRecord, Claim> {
  if (current && current.state !== 'released') return { result: { kind: 'taken', record: current } }
  const next = addEvent(current ?? newRecord(message), event)
  return { next, result: { kind: 'claimed', record: next } }
}

const MAX_EVENTS = 40

/** Adds an event; the state only moves forward, except that a claim may be released for another try. */
export function recordEvent(record: LedgerRecord, event: LedgerEvent): Change<LedgerRecord, LedgerRecord> {
  const next = addEvent(record, event)
  return { next, result: next }
}

function addEvent({ claimant, ...record }: LedgerRecord, event: LedgerEvent): LedgerRecord {
  const uuids = { ...record.uuids }
  for (const uuid of event.uuids ?? []) uuids[uuid] = advance(uuids[uuid] ?? 'released', event.state)
  const reported = combineParts(Object.values(uuids)) ?? event.state
  const isRelease = event.state === 'released' && record.state === 'sending'
  const state = isRelease ? 'released' : advance(record.state, reported)
  const { at, reason } = event
  const usage = usageAfter(record, event)
  return {
    ...record,
    state,
    uuids,
    // Of interest only while the message is being sent.
    ...(state === 'sending' && claimant !== undefined ? { claimant } : {}),
    ...(event.from ? { from: event.from } : {}),
    ...(event.error ? { error: event.error } : {}),
    ...(usage ? { usage } : {}),
    events: [...record.events, { state: event.state, at, ...(reason ? { reason } : {}) }].slice(-MAX_EVENTS),
  }
}

/** Kept only where somebody is told: of millions of feed messages the counters are enough. */
function usageAfter({ usage, about }: LedgerRecord, { uuids: [uuid] = [], price, currency }: LedgerEvent) {
  if (about?.kind !== 'alert' || !about.isReported || uuid === undefined || price === undefined) return usage
  return { ...usage, [uuid]: { price, ...(currency === undefined ? {} : { currency }) } }
}

/** A message in parts is delivered when every part is, and rejected when one part is. */
function combineParts(states: MessageState[]): MessageState | undefined {
  if (states.length <= 1) return states[0]
  const rejected = states.find((state) => state === 'rejected' || state === 'undeliverable')
  if (rejected) return rejected
  return states.every((state) => state === 'delivered') ? 'delivered' : states.find((state) => state !== 'delivered')
}
