import { Duplex } from 'node:stream'

import { expect, it } from 'vitest'

import { FrameWriter } from './frame-writer.ts'
import { audio } from './testing/dial.ts'

/** A socket that keeps what it gets as it is, without a copy; a busy one says that it is not done with it. */
function createSocket(isBusy: boolean) {
  const written: Buffer[] = []
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk)
      if (!isBusy) done()
    },
  })
  return { socket, written }
}

it.each([320, 640, 960])('writes a frame of %i bytes as one binary message', (byteLength) => {
  const { socket, written } = createSocket(false)
  new FrameWriter().write(socket, audio(7, byteLength))
  expect(written).toHaveLength(1)
  expect(written[0]).toEqual(
    Buffer.concat([Buffer.from([0x82, 126, byteLength >> 8, byteLength & 255]), audio(7, byteLength)]),
  )
})

it('takes the same memory for the next frame', () => {
  const { socket, written } = createSocket(false)
  const writer = new FrameWriter()
  writer.write(socket, audio(1))
  writer.write(socket, audio(2))
  expect(written[0]).toBe(written[1])
})

it('leaves memory alone that a socket is not done with', () => {
  const busy = createSocket(true)
  const idle = createSocket(false)
  const writer = new FrameWriter()
  writer.write(busy.socket, audio(1))
  writer.write(idle.socket, audio(2))
  expect(busy.written[0]?.subarray(4)).toEqual(audio(1))
  expect(idle.written[0]?.subarray(4)).toEqual(audio(2))
})
