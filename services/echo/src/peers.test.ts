import { once } from 'node:events'
import { connect } from 'node:net'

import { expect, it } from 'vitest'

import { audio, dial, handshake, newToken, until } from './testing/dial.ts'
import type { Dialled } from './testing/dial.ts'
import { startTestServer } from './testing/start-test-server.ts'
import type { TestServer } from './testing/start-test-server.ts'

it('echoes 200 calls at once, each its own audio', async () => {
  await using server = await startTestServer()
  await using calls = new AsyncDisposableStack()
  const dialled = await Promise.all(
    Array.from({ length: 200 }, (_, number) => dial({ port: server.port, callUuid: `call-${number}` })),
  )
  for (const call of dialled) calls.use(call)
  expect(server.callCount).toBe(200)
  for (let number = 0; number < 25; number += 1) {
    for (const [call, { webSocket }] of dialled.entries()) webSocket.send(audio(call * 1_000 + number))
  }
  await until(() => dialled.every(({ frames }) => frames.length === 25), 'all frames came back')
  for (const [call, { frames }] of dialled.entries()) {
    expect(Buffer.concat(frames).equals(Buffer.concat(audioOf(call)))).toBe(true)
  }
  expect(await server.metric('echo_calls')).toBe('200')
})

it('an error that nobody expected ends one call, not the process', async () => {
  let isBroken = false
  const clock = () => {
    if (isBroken) throw new Error('out of order')
    return Date.now()
  }
  await using server = await startTestServer({ clock })
  await using call = await dial({ port: server.port, callUuid: 'call-1' })
  const token = await newToken('call-2')
  isBroken = true
  await expect(dial({ port: server.port, callUuid: 'call-2', token })).rejects.toThrow()
  isBroken = false
  call.webSocket.send(audio(1))
  await until(() => call.frames.length === 1, 'the other call goes on')
  await using next = await dial({ port: server.port, callUuid: 'call-3' })
  expect(next.webSocket.readyState).toBe(next.webSocket.OPEN)
})

it('hands a peer that stops reading the newest frames when it reads again, not seconds of old ones', async () => {
  await using server = await startTestServer()
  await using call = await dial({ port: server.port })
  await learnThatItPongs(call, server)
  call.webSocket.pause()
  server.skip(2_000)
  await untilTicked()
  server.skip(1_000)
  await untilTicked()
  for (let number = 1; number <= 100; number += 1) call.webSocket.send(audio(number))
  const dropped = async () => (await server.metric('echo_drops_total{reason="slow-peer"}')) === '90'
  await until(dropped, 'all but 200 ms of audio is dropped')
  expect(call.frames).toEqual([])
  call.webSocket.resume()
  await until(() => call.frames.length === 10, 'what waited is sent')
  expect(call.frames.map((frame) => frame.readUInt32LE())).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100])
  call.webSocket.send(audio(101))
  await until(() => call.frames.length === 11, 'the call goes on')
})

it('bounds what it keeps for a peer that sends without reading and never answers a ping', async () => {
  await using server = await startTestServer()
  await using call = await dial({ port: server.port })
  call.webSocket.pause()
  const before = process.memoryUsage.rss()
  for (let number = 1; number <= 40_000; number += 1) {
    call.webSocket.send(audio(number))
    if (number % 500 === 0) await until(() => call.webSocket.bufferedAmount < 1_000_000, 'the server reads on')
  }
  await until(async () => Number(await server.metric('echo_drops_total{reason="slow-peer"}')) > 0, 'frames are dropped')
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
  call.webSocket.resume()
  await until(() => call.frames.at(-1)?.readUInt32LE() === 40_000, 'the newest frame arrives')
  const numbers = call.frames.map((frame) => frame.readUInt32LE())
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  expect(numbers.length).toBeLessThan(40_000)
  expect(call.frames.every((frame) => frame.equals(audio(frame.readUInt32LE())))).toBe(true)
})

it('notices a peer that is gone without a word, and one that is silent but alive stays', async () => {
  await using server = await startTestServer()
  await using alive = await dial({ port: server.port, callUuid: 'alive' })
  const gone = connect(server.port, '127.0.0.1')
  gone.write(await handshake('gone'))
  await once(gone, 'data')
  gone.pause()
  await until(() => server.callCount === 2, 'both are connected')
  for (let time = 0; time < 3; time += 1) {
    alive.webSocket.pong()
    server.skip(4_000)
    await untilTicked()
  }
  await until(() => server.callCount === 1, 'the one that is gone is gone')
  alive.webSocket.send(audio(1))
  await until(() => alive.frames.length === 1, 'the other is echoed')
  expect(await server.metric('echo_calls_ended_total{code="1006"}')).toBe('1')
  gone.destroy()
})

it('survives peers that reset their connection at every moment of the handshake', async () => {
  await using server = await startTestServer()
  for (let time = 0; time < 20; time += 1) {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    const text = await handshake(`call-${time}`)
    socket.write(text.slice(0, Math.ceil((text.length * (time + 1)) / 20)))
    await new Promise((resolve) => void setTimeout(resolve, time % 4))
    socket.resetAndDestroy()
  }
  await until(() => server.callCount === 0, 'nothing is left')
  await using call = await dial({ port: server.port, callUuid: 'good' })
  call.webSocket.send(audio(1))
  await until(() => call.frames.length === 1, 'a good call is echoed')
})

function audioOf(call: number): Buffer[] {
  return Array.from({ length: 25 }, (_, number) => audio(call * 1_000 + number))
}

/** Every call is looked at once a second. */
const TICK_MS = 1_000

function untilTicked(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, TICK_MS + 50))
}

/** Late pongs count only from a peer that has sent one. */
async function learnThatItPongs({ webSocket }: Dialled, server: TestServer): Promise<void> {
  const pinged = once(webSocket, 'ping')
  server.skip(2_000)
  await pinged
  await new Promise((resolve) => void setTimeout(resolve, 50))
}
