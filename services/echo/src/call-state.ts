import { parseAudioFormat } from './audio-format.ts'
import type { TextMessage } from './parse-text.ts'

/** Messages nobody can use, in a row, before the call is closed: one second of audio. */
export const MAX_STRIKES = 50
/** Vonage says `websocket:connected` at once. */
const CONNECT_LIMIT_MS = 5_000
const PING_EVERY_MS = 2_000
/** A pong travels behind the audio we sent before its ping, so a late pong means audio that piles up on the way. */
const PONG_LATE_MS = 1_000
/** A call sends 50 frames a second, and answers pings: after this long without either its peer is gone. */
const DEAD_AFTER_MS = 10_000

/** One call, as far as decisions need it. Times are milliseconds. */
export interface CallState {
  /** The call the token was made for. */
  callUuid: string
  openedAt: number
  /** Undefined until `websocket:connected`. */
  frameBytes: number | undefined
  strikes: number
  heardAt: number
  pingedAt: number
  isPongDue: boolean
  /** Vonage does not document that it answers pings: late pongs count only from a peer that has sent one. */
  hasPonged: boolean
  /** The peer does not keep up: nothing is sent until it does. */
  isHeld: boolean
}

/** Why a message is not sent back. */
export type DropReason = 'early' | 'wrong-size' | 'junk' | 'slow-peer' | 'cleared'

export type CallAction =
  | { kind: 'echo' }
  | { kind: 'drop'; reason: 'early' | 'wrong-size' | 'junk' }
  | { kind: 'clear' }
  | { kind: 'ping' }
  | { kind: 'hold' }
  | { kind: 'resume' }
  | { kind: 'log'; event: 'call.connected' | 'call.dtmf' | 'call.told'; details: Record<string, unknown> }
  | { kind: 'close'; code: number; reason: string }
  | { kind: 'terminate' }

/** What to do, and the state after it where that has changed. */
export interface Step {
  state?: CallState
  actions: readonly CallAction[]
}

/** By far the most frequent step: compare with it to save the work of looking inside. */
export const ECHO: Step = { actions: [{ kind: 'echo' }] }
const NOTHING: Step = { actions: [] }

export function openCall(callUuid: string, now: number): CallState {
  return {
    callUuid,
    openedAt: now,
    frameBytes: undefined,
    strikes: 0,
    heardAt: now,
    pingedAt: now,
    isPongDue: false,
    hasPonged: false,
    isHeld: false,
  }
}

/** An audio frame has arrived. Allocates nothing for a frame that is as it should be: there are 50 a second. */
export function onFrame(state: CallState, byteLength: number): Step {
  if (byteLength === state.frameBytes) {
    if (state.strikes === 0) return ECHO
    return { state: { ...state, strikes: 0 }, actions: ECHO.actions }
  }
  return strike(state, state.frameBytes === undefined ? 'early' : 'wrong-size')
}

export function onText(state: CallState, message: TextMessage): Step {
  switch (message.kind) {
    case 'connected':
      return onConnected(state, message)
    case 'dtmf': {
      const { digit, durationMs } = message
      // Which key it was may be part of somebody's number or code.
      const log: CallAction = { kind: 'log', event: 'call.dtmf', details: { durationMs } }
      return { actions: digit === '*' ? [log, { kind: 'clear' }] : [log] }
    }
    case 'other':
      return { actions: [{ kind: 'log', event: 'call.told', details: { said: message.event } }] }
    case 'junk':
      return strike(state, 'junk')
  }
}

/** To be called about once a second; `wasHeard` is whether anything has arrived since the last time. */
export function onTick(state: CallState, wasHeard: boolean, now: number): Step {
  const heardAt = wasHeard ? now : state.heardAt
  if (now - heardAt >= DEAD_AFTER_MS) return { actions: [{ kind: 'terminate' }] }
  if (state.frameBytes === undefined && now - state.openedAt >= CONNECT_LIMIT_MS) {
    return { actions: [{ kind: 'close', code: 1002, reason: 'websocket:connected did not come' }] }
  }
  if (!state.isPongDue && now - state.pingedAt >= PING_EVERY_MS) {
    return { state: { ...state, heardAt, pingedAt: now, isPongDue: true }, actions: [{ kind: 'ping' }] }
  }
  const isLate = state.isPongDue && state.hasPonged && now - state.pingedAt >= PONG_LATE_MS
  if (isLate && !state.isHeld) return { state: { ...state, heardAt, isHeld: true }, actions: [{ kind: 'hold' }] }
  return wasHeard ? { state: { ...state, heardAt }, actions: [] } : NOTHING
}

export function onPong(state: CallState): Step {
  return {
    state: { ...state, isPongDue: false, hasPonged: true, isHeld: false },
    actions: state.isHeld ? [{ kind: 'resume' }] : [],
  }
}

function onConnected(state: CallState, { contentType, callUuid }: TextMessage & { kind: 'connected' }): Step {
  if (callUuid !== state.callUuid) return close(1008, 'the token belongs to another call')
  const format = parseAudioFormat(contentType)
  if (!format) return close(1003, 'unsupported audio format')
  return {
    state: { ...state, frameBytes: format.frameBytes, strikes: 0 },
    actions: [{ kind: 'log', event: 'call.connected', details: { sampleRate: format.sampleRate } }],
  }
}

function strike(state: CallState, reason: 'early' | 'wrong-size' | 'junk'): Step {
  const strikes = state.strikes + 1
  const drop: CallAction = { kind: 'drop', reason }
  if (strikes < MAX_STRIKES) return { state: { ...state, strikes }, actions: [drop] }
  const expected = state.frameBytes === undefined ? 'websocket:connected first' : `frames of ${state.frameBytes} bytes`
  return { actions: [drop, { kind: 'close', code: 1003, reason: `expected ${expected}` }] }
}

function close(code: number, reason: string): Step {
  return { actions: [{ kind: 'close', code, reason }] }
}
