import type { Duplex } from 'node:stream'

const FINAL_BINARY = 0x82
const LENGTH_IN_16_BITS = 126
const HEADER_BYTES = 4

/**
 * Writes audio frames as WebSocket messages (RFC 6455, 5.2) from memory that all calls share. It stays in the processor's
 * cache, and a message is one buffer instead of the two of `ws`. Frames are all the work there is, so it shows.
 */
export class FrameWriter {
  readonly #messages = new Map<number, Buffer>()

  /**
   * Only for a socket on which nothing waits to be written, and payloads of 126 to 65,535 bytes, as audio frames are.
   * `done` is called when the operating system has the frame.
   */
  write(socket: Duplex, payload: Uint8Array, done?: () => void): void {
    const message = this.#messages.get(payload.length) ?? startMessage(payload.length)
    message.set(payload, HEADER_BYTES)
    socket.write(message, done)
    // When the kernel did not take all of it at once, the memory is the socket's until it has.
    if (socket.writableLength === 0) this.#messages.set(payload.length, message)
    else this.#messages.delete(payload.length)
  }
}

function startMessage(payloadBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + payloadBytes)
  bytes[0] = FINAL_BINARY
  bytes[1] = LENGTH_IN_16_BITS
  bytes.writeUInt16BE(payloadBytes, 2)
  return bytes
}
