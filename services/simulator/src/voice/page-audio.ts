import type { Server } from 'node:http'

import { WebSocketServer, type RawData, type WebSocket } from 'ws'

import { levelOf } from './audio.ts'
import { openLeg, viewOfCall, type Call } from './call.ts'
import type { Calls } from './calls.ts'
import { rateOf } from './ncco.ts'

const TELL_EVERY_MS = 100
/** More microphone frames than this wait: the oldest are dropped, so that the delay stays small. */
const LONGEST_MICROPHONE_QUEUE = 8
const LARGEST_FRAME = 4_096

/**
 * `/calls/:uuid/audio`: the page's microphone and loudspeaker. Binary frames are 20 ms in the format of the call, both
 * ways; text tells the format, the levels and the figures.
 */
export function servePageAudio(server: Server, calls: Pick<Calls, 'get'>): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_FRAME, perMessageDeflate: false })
  server.on('upgrade', (request, tcp, head) => {
    const uuid = /^\/calls\/([\w-]+)\/audio$/.exec(request.url ?? '')?.[1]
    const call = uuid === undefined ? null : calls.get(uuid)
    const isSameOrigin =
      request.headers.origin === undefined || originHost(request.headers.origin) === request.headers.host
    if (!call || !isSameOrigin) {
      tcp.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, tcp, head, (socket) => attach(socket, call))
  })
  return () => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
}

function attach(socket: WebSocket, call: Call): void {
  let levels = { out: 0, in: 0 }
  let toldRate = 0
  const listen = (sent: Buffer, played: Buffer | null) => {
    levels = { out: Math.max(levels.out, levelOf(sent)), in: Math.max(levels.in, played ? levelOf(played) : 0) }
    if (played) socket.send(played)
  }
  const tell = () => {
    const leg = openLeg(call)
    const rate = leg ? rateOf(leg.endpoint) : 0
    if (rate > 0 && rate !== toldRate) socket.send(JSON.stringify({ kind: 'format', rate }))
    toldRate = rate > 0 ? rate : toldRate
    socket.send(JSON.stringify({ kind: 'levels', ...levels, call: viewOfCall(call) }))
    levels = { out: 0, in: 0 }
    if (call.endedAt !== null) socket.close(1000)
  }
  call.listeners.add(listen)
  const timer = setInterval(tell, TELL_EVERY_MS)
  socket.on('message', (data, isBinary) => {
    if (isBinary) hear(call, data)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    clearInterval(timer)
    call.listeners.delete(listen)
    call.microphone = null
  })
}

function hear(call: Call, data: RawData): void {
  const frame = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat().map((part) => new Uint8Array(part)))
  call.microphone ??= []
  call.microphone.push(frame)
  if (call.microphone.length > LONGEST_MICROPHONE_QUEUE) call.microphone.shift()
}

function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
