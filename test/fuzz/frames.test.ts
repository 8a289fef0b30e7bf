import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { audio, dial, handshake, until } from '../../services/echo/src/testing/dial.ts'
import { startTestServer } from '../../services/echo/src/testing/start-test-server.ts'
import { keptBytes } from './kept-bytes.ts'

/** Connections: each says the handshake as it should be, and then something else. */
const RUNS = Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 100_000) / 500)

/** A frame as RFC 6455 has it, or nearly: any opcode, reserved bits, no mask, another length than it says. */
const frame = fc
  .record({
    isFinal: fc.boolean(),
    reserved: fc.constantFrom(0, 0, 0, 1, 2, 4, 7),
    opcode: fc.constantFrom(0, 1, 2, 8, 9, 10, 3, 7, 11, 15),
    isMasked: fc.constantFrom(true, true, true, false),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constant(new TextEncoder().encode('{"event":"websocket:connected","content-type":"audio/l16;rate=16000"}')),
      fc.constant(new Uint8Array(640)),
      fc.constant(new Uint8Array(70_000)),
    ),
    /** What it says of its length beyond what comes. */
    lie: fc.constantFrom(0, 0, 0, 1, 1_000, 2 ** 31, Number.MAX_SAFE_INTEGER - 100_000),
  })
  .map(({ isFinal, reserved, opcode, isMasked, payload, lie }) => {
    const head = [(isFinal ? 0x80 : 0) | (reserved << 4) | opcode]
    const mask = isMasked ? 0x80 : 0
    const length = payload.length + lie
    if (length < 126) return Buffer.from([...head, mask | length, ...(isMasked ? [0, 0, 0, 0] : []), ...payload])
    const long = Buffer.alloc(length < 65_536 ? 2 : 8)
    if (long.length === 2) long.writeUInt16BE(length)
    else long.writeBigUInt64BE(BigInt(length))
    const start = Buffer.from([...head, mask | (long.length === 2 ? 126 : 127)])
    return Buffer.concat([start, long, Buffer.alloc(isMasked ? 4 : 0), payload])
  })

const conversation = fc.record({
  parts: fc.array(fc.oneof({ weight: 4, arbitrary: frame }, fc.uint8Array({ maxLength: 300 })), { maxLength: 8 }),
  /** Where the bytes are cut into writes, and how much of the end never comes. */
  chunk: fc.integer({ min: 1, max: 5_000 }),
  missing: fc.constantFrom(0, 0, 1, 7, 300),
  isReset: fc.boolean(),
})

/** Of each connection, after it: fast-check notes 1,500 of each run; a connection that stays has 30,000. */
const MOST_KEPT_OF_ONE = 4_000
const LOOKS = 20
const LOOK_EVERY_MS = 100

/** Sockets close, timers end, and what they held is let go, a moment later: the least of what is seen. */
async function settledBytes(): Promise<number> {
  const seen: number[] = []
  for (let look = 0; look < LOOKS; look += 1) {
    seen.push(keptBytes())
    await wait(LOOK_EVERY_MS)
  }
  return Math.min(...seen)
}

test('frames of no kind end another call, stay, or stop the process', { timeout: 3_600_000 }, async () => {
  await using server = await startTestServer()
  await using steady = await dial({ port: server.port, callUuid: 'steady' })
  let number = 0
  const flood = async () => {
    await fc.assert(
      fc.asyncProperty(conversation, async ({ parts, chunk, missing, isReset }) => {
        number += 1
        const socket = connect(server.port, '127.0.0.1')
        socket.on('error', () => undefined)
        socket.write(await handshake(`call-${number}`))
        await once(socket, 'data')
        const bytes = Buffer.concat(parts)
        const sent = bytes.subarray(0, Math.max(0, bytes.length - missing))
        for (let at = 0; at < sent.length && socket.writable; at += chunk) socket.write(sent.subarray(at, at + chunk))
        steady.webSocket.send(audio(number))
        await until(() => steady.frames.at(-1)?.readUInt32LE() === number, 'the other call goes on')
        expect(steady.frames.splice(0)).toHaveLength(1)
        if (isReset) socket.resetAndDestroy()
        else socket.destroy()
      }),
      { numRuns: RUNS },
    )
    await until(() => server.callCount === 1, 'what broke is gone')
    return settledBytes()
  }
  // The first time everything that is kept for good is made.
  const after = [await flood(), await flood(), await flood()]
  const ofEach = after.slice(1).map((bytes, index) => Math.round((bytes - (after[index] ?? 0)) / RUNS))
  console.log(`frames: ${number} connections, of each of them stay ${ofEach.join(', ')} bytes`)
  // What else goes on in the process may grow meanwhile, but not each time.
  expect(Math.min(...ofEach)).toBeLessThan(MOST_KEPT_OF_ONE)
})
