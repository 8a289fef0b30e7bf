import { issueToken } from '@switchboard/tokens'
import { WebSocket } from 'ws'

export const testSecret = 'a secret for tests only'
const LIMIT_MS = 60_000

export interface Dialled extends AsyncDisposable {
  webSocket: WebSocket
  /** What came back, in order. */
  frames: Buffer[]
  texts: string[]
  /** The close code, and the reason given. */
  closed: Promise<{ code: number; reason: string }>
}

export interface DialOptions {
  port: number
  callUuid?: string
  token?: string
  /** The first frame; undefined: the one Vonage would send. */
  connected?: Record<string, unknown>
  rate?: number
}

/** For tests: opens the WebSocket of a call as Vonage does, and says `websocket:connected`. Rejects when refused. */
export async function dial({
  port,
  callUuid = 'call-1',
  token,
  connected,
  rate = 16_000,
}: DialOptions): Promise<Dialled> {
  const headers = { authorization: `Bearer ${token ?? (await newToken(callUuid))}` }
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { headers, perMessageDeflate: false })
  const call = { webSocket, frames: new Array<Buffer>(), texts: new Array<string>() }
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    webSocket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  webSocket.on('message', (data, isBinary) => {
    if (!Buffer.isBuffer(data)) return
    if (isBinary) call.frames.push(data)
    else call.texts.push(data.toString())
  })
  await new Promise<void>((resolve, reject) => {
    webSocket.once('open', resolve)
    webSocket.once('error', reject)
  })
  webSocket.on('error', () => undefined)
  const contentType = `audio/l16;rate=${rate}`
  webSocket.send(
    JSON.stringify(connected ?? { event: 'websocket:connected', 'content-type': contentType, call_uuid: callUuid }),
  )
  return {
    ...call,
    closed,
    async [Symbol.asyncDispose]() {
      webSocket.terminate()
      await closed
    },
  }
}

/** What opens the WebSocket of a call on a bare socket. */
export async function handshake(callUuid: string): Promise<string> {
  const lines = [
    'GET /socket HTTP/1.1',
    'Host: echo',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Authorization: Bearer ${await newToken(callUuid)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

export function newToken(callUuid: string, now: number = Date.now()): Promise<string> {
  return issueToken(testSecret, { purpose: 'echo', subject: callUuid, ttlSeconds: 60, now })
}

/** A frame that can be told from others. */
export function audio(number: number, byteLength: number = 640): Buffer {
  const frame = Buffer.alloc(byteLength, number % 251)
  frame.writeUInt32LE(number)
  return frame
}

/** Resolves when it is so; rejects after fifteen seconds. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const limit = Date.now() + LIMIT_MS
  while (!(await isSo())) {
    if (Date.now() > limit) throw new Error(`It never came to pass: ${what}`)
    await new Promise((resolve) => void setTimeout(resolve, 5))
  }
}
