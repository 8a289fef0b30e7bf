import { callHeaders, isWebSocketLeg } from '@switchboard/contracts'
import type { CallEvent } from '@switchboard/contracts'
import { z } from 'zod'

import type { Change } from './records.ts'

/** As Vonage reports them (voice reference, event webhooks), and `unknown` for a call we have no state of yet. */
export const callState = z.enum([
  'unknown',
  'started',
  'ringing',
  'answered',
  'disconnected',
  'busy',
  'cancelled',
  'timeout',
  'unanswered',
  'rejected',
  'failed',
  'completed',
])
export type CallState = z.infer<typeof callState>

/** The endings are equals: the first one that is reported stays. */
const rank: Record<CallState, number> = {
  unknown: 0,
  started: 1,
  ringing: 2,
  answered: 3,
  disconnected: 4,
  busy: 5,
  cancelled: 5,
  timeout: 5,
  unanswered: 5,
  rejected: 5,
  failed: 5,
  completed: 5,
}

const leg = z.object({
  kind: z.enum(['phone', 'websocket']),
  state: callState,
  from: z.string().optional(),
  to: z.string().optional(),
  direction: z.string().optional(),
  /** As Vonage sends them: seconds, and amounts in the currency of the account. */
  durationSeconds: z.string().optional(),
  price: z.string().optional(),
  rate: z.string().optional(),
  detail: z.string().optional(),
  disconnectedBy: z.string().optional(),
})
export type CallLeg = z.infer<typeof leg>

const entry = z.object({
  leg: z.string().optional(),
  status: z.string(),
  at: z.int(),
  detail: z.string().optional(),
})

/** One call: the caller's leg gives it its id and its state; the WebSocket is a leg of its own. */
export const callRecord = z.object({
  uuid: z.string(),
  conversationUuid: z.string().optional(),
  state: callState,
  from: z.string().optional(),
  to: z.string().optional(),
  /** Milliseconds, by Vonage's clock. */
  startedAt: z.int(),
  answeredAt: z.int().optional(),
  endedAt: z.int().optional(),
  legs: z.record(z.string(), leg),
  /** In the order of Vonage's clock; the newest are kept. */
  events: z.array(entry),
})
export type CallRecord = z.infer<typeof callRecord>

const MAX_EVENTS = 50

/** The call an event belongs to, as far as the event itself tells: the WebSocket leg names it in its headers. */
export function callOf(event: CallEvent): string | undefined {
  const named = callHeaders.safeParse(event.headers)
  if (named.success) return named.data.call_uuid
  return isWebSocketLeg(event) ? undefined : event.uuid
}

/** Whether a machine took the call. */
export function isAnsweredByMachine(call: Pick<CallRecord, 'events'> | undefined): boolean {
  return call?.events.some(({ status }) => status === 'machine') ?? false
}

/** Adds an event to its call. The same event twice changes nothing; late ones fill gaps but never move the state back. */
export function recordCallEvent(
  current: CallRecord | undefined,
  callUuid: string,
  event: CallEvent,
): Change<CallRecord, CallRecord> {
  const call = current ?? { uuid: callUuid, state: 'unknown', startedAt: event.at, legs: {}, events: [] }
  const isKnown = call.events.some(
    ({ leg, status, at }) => leg === event.uuid && status === event.status && at === event.at,
  )
  if (isKnown) return { result: call }
  const legs = event.uuid ? { ...call.legs, [event.uuid]: advanceLeg(call.legs[event.uuid], event) } : call.legs
  const isOfCaller = event.uuid === callUuid
  const state = isOfCaller ? (legs[callUuid]?.state ?? call.state) : call.state
  const events = [
    ...call.events,
    { leg: event.uuid, status: event.status, at: event.at, detail: event.detail ?? event.reason },
  ]
  const next = {
    ...call,
    ...(isOfCaller ? present({ from: event.from, to: event.to }) : {}),
    ...(isOfCaller ? timesOf(call, event) : {}),
    conversationUuid: call.conversationUuid ?? event.conversationUuid,
    state,
    startedAt: Math.min(call.startedAt, event.at),
    legs,
    events: events.toSorted((a, b) => a.at - b.at).slice(-MAX_EVENTS),
  }
  return { next, result: next }
}

function advanceLeg(current: CallLeg | undefined, event: CallEvent): CallLeg {
  const reported = callState.safeParse(event.status)
  const state = current?.state ?? 'unknown'
  return {
    ...current,
    ...present({
      from: event.from,
      to: event.to,
      direction: event.direction,
      durationSeconds: event.durationSeconds,
      price: event.price,
      rate: event.rate,
      detail: event.detail,
      disconnectedBy: event.disconnectedBy,
    }),
    kind: isWebSocketLeg(event) ? 'websocket' : (current?.kind ?? 'phone'),
    state: reported.success && rank[reported.data] > rank[state] ? reported.data : state,
  }
}

function timesOf(call: CallRecord, { status, at }: CallEvent): Pick<CallRecord, 'answeredAt' | 'endedAt'> {
  const state = callState.safeParse(status).data ?? 'unknown'
  if (state === 'answered') return { answeredAt: call.answeredAt ?? at }
  return rank[state] === rank.completed ? { endedAt: call.endedAt ?? at } : {}
}

/** Without the fields that an event does not carry: they must not wipe out what an earlier one said. */
function present<Fields extends object>(fields: Fields): Partial<Fields> {
  const result: Partial<Fields> = { ...fields }
  for (const name in result) if (result[name] === undefined) delete result[name]
  return result
}
