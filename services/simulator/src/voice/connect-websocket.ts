import { randomUUID } from 'node:crypto'

import type { Credentials } from '../credentials.ts'
import { signWebhook } from '../webhooks/sign.ts'
import { frameBytes } from './audio.ts'
import { legBody } from './call-events.ts'
import type { Call, ConnectedLeg } from './call.ts'
import { rateOf, type ConnectAction, type Ncco, type WebsocketEndpoint } from './ncco.ts'
import { openSocket } from './open-socket.ts'
import { addLine, type PerformDeps } from './perform-deps.ts'
import type { LegEnd } from './websocket-leg.ts'

/** Opens the application's socket and talks to it until either side closes it. */
export async function connectWebsocket(
  call: Call,
  action: ConnectAction,
  endpoint: WebsocketEndpoint,
  deps: PerformDeps,
): Promise<Ncco | null> {
  const leg = newLeg(endpoint)
  call.legs.push(leg)
  deps.events.postLeg(call, leg, 'started')
  const problem = await openLegSocket(call, leg, deps)
  const isSynchronous = action.eventType === 'synchronous'
  const [url, method] = [action.eventUrl?.[0], action.eventMethod]
  if (problem !== null) {
    const replacement = await deps.events.ask(
      call,
      legBody(call, leg, 'failed', { detail: 'cannot_route' }),
      url,
      method,
    )
    return isSynchronous ? replacement : null
  }
  deps.events.postLeg(call, leg, 'answered', { start_time: null, rate: null, network: null })
  const end = await talkUntilClosed(call, leg, (action.limit ?? 7_200) * 1_000, deps)
  const disconnected = end?.by === 'caller' ? null : legBody(call, leg, 'disconnected')
  const replacement = disconnected ? await deps.events.ask(call, disconnected, url, method) : null
  deps.events.postLeg(call, leg, 'completed', legCosts(leg))
  return replacement
}

export function newLeg(endpoint: WebsocketEndpoint, uuid: string = randomUUID()): ConnectedLeg {
  const startedAt = new Date().toISOString()
  return { uuid, uri: endpoint.uri, endpoint, startedAt, answeredAt: null, socket: null, failure: null }
}

/** Null when the socket is open, else why it is not. */
export async function openLegSocket(call: Call, leg: ConnectedLeg, deps: PerformDeps): Promise<string | null> {
  const bytes = frameBytes(rateOf(leg.endpoint))
  const silence = Buffer.alloc(bytes)
  const options = {
    endpoint: leg.endpoint,
    authorization: authorizationOf(leg.endpoint, deps.credentials),
    nextFrame: () => (call.isMuted ? silence : nextOfMicrophone(call, bytes, silence)),
    heard: (sent: Buffer, played: Buffer | null) => {
      for (const listen of call.listeners) listen(sent, call.isEarmuffed ? null : played)
      for (const tap of call.taps) tap(sent)
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
    leg.failure = error instanceof Error ? error.message : String(error)
    addLine(call, 'note', `the WebSocket could not be opened: ${leg.failure}`, deps)
    return leg.failure
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
