import { randomUUID } from 'node:crypto'

import type { Destination } from './destination.ts'
import type { Endpoint, Ncco, WebsocketEndpoint } from './ncco.ts'
import type { WebsocketLeg } from './websocket-leg.ts'

export type CallState =
  | 'started'
  | 'ringing'
  | 'answered'
  | 'completed'
  | 'unanswered'
  | 'rejected'
  | 'failed'
  | 'busy'
  | 'cancelled'

/** A WebSocket that a `connect` opened, as a leg of the call. */
export interface ConnectedLeg {
  uuid: string
  uri: string
  endpoint: WebsocketEndpoint
  startedAt: string
  answeredAt: string | null
  /** Null when the socket could not be opened. */
  socket: WebsocketLeg | null
  failure: string | null
}

/** One line of what happened, for the page and for tests. */
export interface CallLine {
  at: string
  kind: 'event' | 'talk' | 'action' | 'dtmf' | 'speech' | 'note'
  text: string
  /** Of what is said. */
  language?: string
}

/** Who takes a call that rings: somebody, or the machine that answers for them. */
export type Taker = 'person' | 'machine'

export interface Call {
  uuid: string
  conversationUuid: string
  /** `inbound`: a person calls us. */
  direction: 'inbound' | 'outbound'
  from: string
  to: string
  endpoint: Endpoint
  /** The number of the person whose phone rings, of a call to somebody. */
  rings: string | null
  state: CallState
  startedAt: string
  answeredAt: string | null
  endedAt: string | null
  ncco: Ncco
  legs: ConnectedLeg[]
  lines: CallLine[]
  isMuted: boolean
  isEarmuffed: boolean
  /** Where events of this call go instead of the application's event URL. */
  eventUrl: string | null
  eventMethod: 'GET' | 'POST' | null
  /** Frames of a microphone that wait to be sent; null while there is none and the tone is heard. */
  microphone: Buffer[] | null
  /** What is listening to the caller's ear: the page. */
  listeners: Set<(sent: Buffer, played: Buffer | null) => void>
  /** Recordings that go on: they get what the caller says. */
  taps: Set<(sent: Buffer) => void>
  /** What is left to do when the call is over. */
  atEnd: (() => void)[]
  /** Ends the ringing; the reason is the taker. */
  pickUp: AbortController
  /** How long what was said last goes on while keys are pressed. */
  speaksMs: number
  /** Ends the whole call. */
  hangUp: AbortController
  /** Ends the action that is running; the next one follows. */
  skip: AbortController
  /** Actions that replace those that were to follow. */
  replacement: Ncco | null
  /** Hears key presses while an `input` collects them. */
  onDigit: ((digit: string) => void) | null
  /** Every key that is pressed is told there, whatever action goes on. */
  keysUrl: string | null
  /** Hears words likewise. */
  onSpeech: ((text: string) => void) | null
  /** What the application answered to the news that nobody took the call. */
  following: Promise<Ncco | null>
}

/** A person calls us. */
export function createInbound(from: string, to: string): Call {
  return createCall('inbound', from, { label: to, endpoint: { type: 'phone', number: to }, rings: null, socket: null })
}

export function createCall(direction: Call['direction'], from: string, to: Destination): Call {
  return {
    uuid: randomUUID(),
    conversationUuid: `CON-${randomUUID()}`,
    direction,
    from,
    to: to.label,
    endpoint: to.endpoint,
    rings: to.rings,
    state: 'started',
    startedAt: new Date().toISOString(),
    answeredAt: null,
    endedAt: null,
    ncco: [],
    legs: [],
    lines: [],
    isMuted: false,
    isEarmuffed: false,
    eventUrl: null,
    eventMethod: null,
    microphone: null,
    listeners: new Set(),
    taps: new Set(),
    atEnd: [],
    pickUp: new AbortController(),
    speaksMs: 0,
    hangUp: new AbortController(),
    skip: new AbortController(),
    replacement: null,
    onDigit: null,
    keysUrl: null,
    onSpeech: null,
    following: Promise.resolve(null),
  }
}

export function isOver(call: Call): boolean {
  return call.endedAt !== null
}

/** The leg that is talking to the application now. */
export function openLeg(call: Call): ConnectedLeg | null {
  return call.legs.find((leg) => leg.socket !== null && leg.socket.summary().end === null) ?? null
}

/** A call as the control API and the page see it. */
export function viewOfCall(call: Call) {
  const { uuid, conversationUuid, direction, from, to, rings, state, startedAt, answeredAt, endedAt, ncco, lines } =
    call
  const legs = call.legs.map(({ socket, endpoint, ...leg }) => ({
    ...leg,
    contentType: endpoint['content-type'],
    frames: socket?.summary() ?? null,
  }))
  const last = legs.at(-1)
  return {
    uuid,
    conversationUuid,
    direction,
    from,
    to,
    rings,
    state,
    startedAt,
    answeredAt,
    endedAt,
    ncco,
    legs,
    lines,
    /** Of the latest WebSocket leg. */
    frames: last?.frames ?? null,
    isListening: call.listeners.size > 0,
    /** Something that is said now is heard by the application. */
    hearsSpeech: call.onSpeech !== null,
  }
}
