import { connect } from 'node:net'
import type { Socket } from 'node:net'

const FRAME_BYTES = 640
/** A server's header for 640 bytes. */
const REPLY_BYTES = FRAME_BYTES + 4
const MASK = Buffer.from([0x37, 0x9b, 0x5d, 0xe1])
const PAYLOAD_AT = 8
const PONG = Buffer.concat([Buffer.from([0x8a, 0x80]), MASK])
/** More frames than may be under way in a call that is worth measuring. */
const REMEMBERED = 256
/** One for all calls: what is read is looked at before the next read. */
const readBuffer = Buffer.allocUnsafe(65_536)

/** One call with as little work per frame as Node allows: a raw socket, one frame that is sent again and again. */
export class LoadCall {
  readonly #socket: Socket
  readonly #frame = audioFrame()
  readonly #sentAt = new Float64Array(REMEMBERED)
  readonly #onDelay: (delayMs: number) => void
  #sent = 0
  #received = 0
  #rest: Buffer | undefined

  constructor(socket: Socket, onDelay: (delayMs: number) => void) {
    this.#socket = socket
    this.#onDelay = onDelay
  }

  get missing(): number {
    return this.#sent - this.#received
  }

  /** Frames that have not come back are given up. */
  reset(): void {
    this.#received = this.#sent
  }

  end(): void {
    this.#socket.destroy()
  }

  send(): void {
    const number = this.#sent++
    for (let byte = 0; byte < 4; byte += 1) {
      this.#frame[PAYLOAD_AT + byte] = ((number >>> (8 * byte)) & 0xff) ^ (MASK[byte] ?? 0)
    }
    this.#sentAt[number % REMEMBERED] = performance.now()
    this.#socket.write(this.#frame)
  }

  sayConnected(callUuid: string): void {
    const text = JSON.stringify({
      event: 'websocket:connected',
      'content-type': 'audio/l16;rate=16000',
      call_uuid: callUuid,
    })
    this.#socket.write(maskedFrame(0x81, Buffer.from(text)))
  }

  read(chunk: Buffer): void {
    const data = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    const now = performance.now()
    let at = 0
    for (;;) {
      const isPing = data[at] === 0x89
      const length = isPing ? 2 : REPLY_BYTES
      if (data.length - at < length) break
      if (isPing) this.#socket.write(PONG)
      else this.#take(data.readUInt32LE(at + 4), now)
      at += length
    }
    this.#rest = at < data.length ? Buffer.from(data.subarray(at)) : undefined
  }

  #take(number: number, now: number): void {
    this.#received += 1
    this.#onDelay(now - (this.#sentAt[number % REMEMBERED] ?? now))
  }
}

/** Resolves when the server has upgraded the connection. */
export function openCall(port: number, token: string, onDelay: (delayMs: number) => void): Promise<LoadCall> {
  return new Promise((resolve, reject) => {
    let call: LoadCall | undefined
    const onread = {
      buffer: readBuffer,
      callback: (count: number, buffer: Uint8Array) => {
        const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, count)
        if (call) call.read(chunk)
        else if (chunk.toString('latin1', 0, 12) === 'HTTP/1.1 101') resolve((call = new LoadCall(socket, onDelay)))
        else reject(new Error(`refused: ${chunk.toString()}`))
        return true
      },
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
    socket.on('error', reject)
    socket.write(handshake(token))
  })
}

function handshake(token: string): string {
  return [
    'GET /socket HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Authorization: Bearer ${token}`,
    '\r\n',
  ].join('\r\n')
}

function audioFrame(): Buffer {
  return maskedFrame(0x82, Buffer.from(Array.from({ length: FRAME_BYTES }, (_, byte) => byte % 251)))
}

function maskedFrame(opcode: number, payload: Buffer): Buffer {
  const masked = payload.map((byte, index) => byte ^ (MASK[index % 4] ?? 0))
  const length = payload.length < 126 ? [0x80 | payload.length] : [0xfe, payload.length >>> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from([opcode, ...length]), MASK, masked])
}
