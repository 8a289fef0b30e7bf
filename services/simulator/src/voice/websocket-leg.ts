import { WebSocket, type RawData } from 'ws'

import { asObject } from '../messages/read-body.ts'
import { createTone, frameBytes } from './audio.ts'
import { createFrameLedger, type FrameSummary } from './frame-ledger.ts'
import { rateOf, type WebsocketEndpoint } from './ncco.ts'
import { startPacer } from './pacer.ts'
import { createPlayOut } from './play-out.ts'

/** How a leg ended: the application closed it, we did, or a frame had the wrong size. */
export interface LegEnd {
  by: 'application' | 'caller' | 'frame-size'
  code: number
}

export interface LegSummary extends FrameSummary {
  rate: number
  wrongSize: number
  playOut: { queued: number; overflowed: number; played: number }
  texts: string[]
  end: LegEnd | null
}

export interface WebsocketLeg {
  /** Resolves when the socket is closed, whoever closed it. */
  ended: Promise<LegEnd>
  press(digit: string, durationMs: number): void
  hangUp(): void
  summary(): LegSummary
}

export interface LegOptions {
  endpoint: WebsocketEndpoint
  /** Verbatim Authorization header of the handshake. */
  authorization: string | undefined
  /** The caller's next 20 ms, or null for the test tone. */
  nextFrame: () => Buffer | null
  /** The caller hears this: 20 ms, or null for silence. */
  heard: (sent: Buffer, played: Buffer | null) => void
}

const HANDSHAKE_MS = 5_000
const KEPT_TEXTS = 100
const LARGEST_MESSAGE = 1_048_576

/** Opens the socket as Vonage does; rejects when the application refuses it or is not there. */
export function openWebsocketLeg(options: LegOptions): Promise<WebsocketLeg> {
  const { endpoint, authorization } = options
  const headers = authorization === undefined ? {} : { authorization }
  const socket = new WebSocket(endpoint.uri, {
    headers,
    handshakeTimeout: HANDSHAKE_MS,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE,
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => {
      socket.off('error', reject)
      // At once: the application's first frames may have come with its handshake.
      resolve(converse(socket, options))
    })
  })
}

function converse(socket: WebSocket, options: LegOptions): WebsocketLeg {
  const { endpoint, nextFrame, heard } = options
  const rate = rateOf(endpoint)
  const tone = createTone(rate)
  const ledger = createFrameLedger()
  const playOut = createPlayOut()
  const texts: string[] = []
  let wrongSize = 0
  let end: LegEnd | null = null
  let endedBy: LegEnd['by'] = 'application'
  const tell = (message: object) => socket.send(JSON.stringify(message))

  tell({ event: 'websocket:connected', 'content-type': endpoint['content-type'], ...endpoint.headers })
  const stop = startPacer(() => {
    if (socket.readyState !== WebSocket.OPEN) return
    const frame = nextFrame() ?? tone()
    socket.send(frame)
    ledger.sent(frame)
    heard(frame, playOut.next())
  })
  socket.on('message', (data, isBinary) => {
    const bytes = bufferOf(data)
    if (!isBinary) {
      if (texts.length < KEPT_TEXTS) texts.push(bytes.toString())
      obey(bytes.toString(), { playOut, tell })
    } else if (bytes.length === frameBytes(rate)) {
      ledger.received(bytes)
      playOut.push(bytes)
    } else {
      wrongSize += 1
      endedBy = 'frame-size'
      // Seen in the field: Vonage breaks off without a closing handshake.
      socket.terminate()
    }
  })
  // Every error is followed by a close.
  socket.on('error', () => {})
  const ended = new Promise<LegEnd>((resolve) => {
    socket.once('close', (code) => {
      stop()
      end = { by: endedBy, code }
      resolve(end)
    })
  })
  return {
    ended,
    press: (digit, duration) => tell({ event: 'websocket:dtmf', digit, duration }),
    hangUp() {
      endedBy = 'caller'
      socket.close(1000)
      setTimeout(() => socket.terminate(), 1_000).unref()
    },
    summary: () => ({ ...ledger.summary(), rate, wrongSize, playOut: playOut.summary(), texts, end }),
  }
}

interface Commands {
  playOut: Pick<ReturnType<typeof createPlayOut>, 'clear' | 'mark'>
  tell: (message: object) => void
}

/** `clear` and `notify`; whatever else an application says is tolerated. */
function obey(text: string, { playOut, tell }: Commands): void {
  const command = readCommand(text)
  if (command?.action === 'clear') {
    playOut.clear()
    tell({ event: 'websocket:cleared' })
  }
  if (command?.action === 'notify') {
    const { payload } = command
    playOut.mark(() => tell({ event: 'websocket:notify', payload }))
  }
}

function readCommand(text: string) {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return null
  }
}

function bufferOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
