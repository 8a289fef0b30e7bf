import { randomUUID } from 'node:crypto'

import type { Clock } from '../clock.ts'
import type { Credentials } from '../credentials.ts'
import type { RequestLog } from '../request-log.ts'
import { signWebhook } from '../webhooks/sign.ts'
import { frameBytes } from './audio.ts'
import { legBody, type CallEvents } from './call-events.ts'
import type { Call, ConnectedLeg } from './call.ts'
import {
  rateOf,
  type ConnectAction,
  type InputAction,
  type Ncco,
  type NccoAction,
  type TalkAction,
  type WebsocketEndpoint,
} from './ncco.ts'
import { openSocket } from './open-socket.ts'
import { pause } from './pause.ts'
import type { LegEnd } from './websocket-leg.ts'

export interface PerformDeps {
  clock: Pick<Clock, 'after'>
  credentials: Credentials
  log: Pick<RequestLog, 'add'>
  events: CallEvents
  changed: (call: Call) => void
}

const TALK_MS_PER_CHARACTER = 35
const LONGEST_TALK_MS = 4_000

/** Carries out one action; an NCCO comes back when an event's answer replaced what was to follow. */
export async function perform(call: Call, action: NccoAction, deps: PerformDeps): Promise<Ncco | null> {
  switch (action.action) {
    case 'talk':
      return talk(call, action, deps)
    case 'connect':
      return connect(call, action, deps)
    case 'input':
      return collect(call, action, deps)
    case 'stream':
      addLine(call, 'action', `plays ${action.streamUrl[0] ?? ''}`, deps)
      await wait(1_000, call, deps)
      return null
    case 'wait':
      await wait((action.timeout ?? 10) * 1_000, call, deps)
      return null
    case 'notify':
      return deps.events.ask(call, { ...common(call), payload: action.payload }, action.eventUrl[0])
    case 'record':
    case 'conversation':
    case 'pay':
    case 'transfer':
      addLine(call, 'note', `${action.action} has no effect in the simulator`, deps)
      return null
  }
}

/** One that may be interrupted goes on while the `input` after it collects keys. */
async function talk(call: Call, { text, language, bargeIn }: TalkAction, deps: PerformDeps): Promise<null> {
  addLine(call, 'talk', text.replaceAll(/<[^>]*>/g, ''), deps, language)
  const speaksMs = Math.min(text.length * TALK_MS_PER_CHARACTER, LONGEST_TALK_MS)
  call.speaksMs = bargeIn ? speaksMs : 0
  if (!bargeIn) await wait(speaksMs, call, deps)
  return null
}

async function connect(call: Call, action: ConnectAction, deps: PerformDeps): Promise<Ncco | null> {
  const endpoint = action.endpoint[0]
  if (endpoint?.type !== 'websocket') {
    addLine(call, 'note', `connect to ${endpoint?.type ?? 'nothing'} has no effect in the simulator`, deps)
    return null
  }
  const leg = newLeg(endpoint)
  call.legs.push(leg)
  deps.events.postLeg(call, leg, 'started')
  const problem = await open(call, leg, deps)
  const isSynchronous = action.eventType === 'synchronous'
  if (problem !== null) {
    leg.failure = problem
    addLine(call, 'note', `the WebSocket could not be opened: ${problem}`, deps)
    const body = legBody(call, leg, 'failed', { detail: 'cannot_route' })
    const replacement = await deps.events.ask(call, body, action.eventUrl?.[0])
    return isSynchronous ? replacement : null
  }
  deps.events.postLeg(call, leg, 'answered', { start_time: null, rate: null, network: null })
  const end = await talkUntilClosed(call, leg, (action.limit ?? 7_200) * 1_000, deps)
  const disconnected = end?.by === 'caller' ? null : legBody(call, leg, 'disconnected')
  const replacement = disconnected ? await deps.events.ask(call, disconnected, action.eventUrl?.[0]) : null
  deps.events.postLeg(call, leg, 'completed', legCosts(leg))
  return replacement
}

function newLeg(endpoint: WebsocketEndpoint): ConnectedLeg {
  const startedAt = new Date().toISOString()
  return { uuid: randomUUID(), uri: endpoint.uri, endpoint, startedAt, answeredAt: null, socket: null, failure: null }
}

/** Null when the socket is open, else why it is not. */
async function open(call: Call, leg: ConnectedLeg, deps: PerformDeps): Promise<string | null> {
  const bytes = frameBytes(rateOf(leg.endpoint))
  const silence = Buffer.alloc(bytes)
  const options = {
    endpoint: leg.endpoint,
    authorization: authorizationOf(leg.endpoint, deps.credentials),
    nextFrame: () => (call.isMuted ? silence : nextOfMicrophone(call, bytes, silence)),
    heard: (sent: Buffer, played: Buffer | null) => {
      for (const listen of call.listeners) listen(sent, call.isEarmuffed ? null : played)
    },
  }
  try {
    const { socket, uri } = await openSocket(call, options, deps.log)
    leg.socket = socket
    if (uri !== leg.uri) addLine(call, 'note', `no TLS at ${leg.uri}: connected to ${uri}`, deps)
    leg.answeredAt = new Date().toISOString()
    deps.changed(call)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** With a microphone its frames, silence while they are late; without one the leg's own tone. */
function nextOfMicrophone(call: Call, bytes: number, silence: Buffer): Buffer | null {
  if (call.microphone === null) return null
  const frame = call.microphone.shift()
  return frame?.length === bytes ? frame : silence
}

function authorizationOf(endpoint: WebsocketEndpoint, credentials: Credentials): string | undefined {
  if (!endpoint.authorization) return undefined
  if (endpoint.authorization.type === 'custom') return endpoint.authorization.value
  const issuedAtSeconds = Math.floor(Date.now() / 1_000)
  return `Bearer ${signWebhook('', credentials.signatureSecret, { ...credentials, issuedAtSeconds })}`
}

/** Until the application closes the socket, the caller hangs up, the leg is hung up, or its time is over. */
async function talkUntilClosed(
  call: Call,
  leg: ConnectedLeg,
  limitMs: number,
  deps: PerformDeps,
): Promise<LegEnd | null> {
  const { socket } = leg
  if (!socket) return null
  const hangUp = () => socket.hangUp()
  const cancel = deps.clock.after(limitMs, hangUp)
  for (const { signal } of [call.hangUp, call.skip]) {
    if (signal.aborted) hangUp()
    signal.addEventListener('abort', hangUp)
  }
  const end = await socket.ended
  cancel()
  addLine(
    call,
    'note',
    `the WebSocket was closed by the ${end.by === 'frame-size' ? 'simulator: wrong frame size' : end.by}`,
    deps,
  )
  return end
}

function legCosts(leg: ConnectedLeg): Record<string, unknown> {
  const now = new Date().toISOString()
  const seconds = Math.ceil((Date.parse(now) - Date.parse(leg.answeredAt ?? now)) / 1_000)
  return { start_time: leg.answeredAt, end_time: now, duration: String(seconds), rate: '0.00', price: '0' }
}

/** Waits for key presses until there are enough, `#`, or the time is over; then tells the application. */
async function collect(call: Call, action: InputAction, deps: PerformDeps): Promise<Ncco | null> {
  const { timeOut = 3, maxDigits = 4, submitOnHash = false } = action.dtmf ?? {}
  const digits: string[] = []
  let isTimedOut = false
  await new Promise<void>((resolve) => {
    const cancel = deps.clock.after(call.speaksMs + timeOut * 1_000, () => {
      isTimedOut = true
      resolve()
    })
    call.onDigit = (digit) => {
      if (submitOnHash && digit === '#') resolve()
      else if (digits.push(digit) >= maxDigits) resolve()
      if (digits.length >= maxDigits) cancel()
    }
    call.hangUp.signal.addEventListener('abort', () => resolve())
  })
  call.onDigit = null
  call.speaksMs = 0
  if (call.hangUp.signal.aborted) return null
  const body = { ...common(call), dtmf: { digits: digits.join(''), timed_out: isTimedOut } }
  return deps.events.ask(call, body, action.eventUrl?.[0])
}

function common(call: Call): Record<string, unknown> {
  return {
    from: call.from,
    to: call.to,
    uuid: call.uuid,
    conversation_uuid: call.conversationUuid,
    timestamp: new Date().toISOString(),
  }
}

function wait(ms: number, call: Call, deps: PerformDeps): Promise<void> {
  return pause(ms, AbortSignal.any([call.hangUp.signal, call.skip.signal]), deps.clock)
}

export function addLine(
  call: Call,
  kind: Call['lines'][number]['kind'],
  text: string,
  deps: Pick<PerformDeps, 'changed'>,
  language?: string,
) {
  call.lines.push({ at: new Date().toISOString(), kind, text, ...(language === undefined ? {} : { language }) })
  deps.changed(call)
}
