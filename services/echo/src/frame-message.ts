const FINAL_BINARY = 0x82
const LENGTH_IN_16_BITS = 126
const HEADER_BYTES = 4

/**
 * A WebSocket message (RFC 6455, 5.2) for one audio frame, built in the same memory every time. `ws` writes header and
 * payload as two buffers, which costs the kernel a sixth more time per frame, and frames are all the work there is. Use
 * it only while nothing waits to be written to the socket: until then the memory may still be in use.
 */
export class FrameMessage {
  #bytes: Buffer = Buffer.alloc(0)

  /** The payload must have 126 to 65,535 bytes, as all audio frames do. */
  around(payload: Uint8Array): Buffer {
    if (this.#bytes.length !== HEADER_BYTES + payload.length) this.#bytes = startMessage(payload.length)
    this.#bytes.set(payload, HEADER_BYTES)
    return this.#bytes
  }
}

function startMessage(payloadBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + payloadBytes)
  bytes[0] = FINAL_BINARY
  bytes[1] = LENGTH_IN_16_BITS
  bytes.writeUInt16BE(payloadBytes, 2)
  return bytes
}
