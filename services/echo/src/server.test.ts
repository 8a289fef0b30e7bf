import { once } from 'node:events'
import { connect } from 'node:net'

import { createLogger } from '@switchboard/runtime'
import { describe, expect, it, vi } from 'vitest'

import { audio, dial, newToken, until } from './testing/dial.ts'
import { startTestServer } from './testing/start-test-server.ts'

describe('the handshake', () => {
  it.each([
    ['without a token', async () => '', 401],
    ['with a token that has expired', () => newToken('call-1', Date.now() - 61_000), 401],
    ['with junk', async () => 'junk', 401],
  ])('%s is refused', async (_name, makeToken, status) => {
    await using server = await startTestServer()
    const answer = await upgrade(server.port, { authorization: `Bearer ${await makeToken()}` })
    expect(answer.status).toBe(status)
    expect(answer.body).toContain('"status":401')
    expect(server.callCount).toBe(0)
  })

  it('that is refused a hundred times is a line in the log and a hundred in the figures', async () => {
    const log = createLogger('echo', 'silent')
    const warn = vi.spyOn(log, 'warn')
    await using server = await startTestServer({ log })
    for (let time = 0; time < 100; time += 1) await upgrade(server.port, { authorization: 'Bearer junk' })
    expect(warn.mock.calls).toEqual([[{ status: 401, reason: 'the token is invalid' }, 'call.refused']])
    expect(await server.metric('echo_handshakes_total{outcome="unauthorized"}')).toBe('100')
  })

  it('with a token that opened a call before is refused', async () => {
    await using server = await startTestServer()
    const token = await newToken('call-1')
    await using call = await dial({ port: server.port, token })
    await expect(dial({ port: server.port, token })).rejects.toThrow('401')
    call.webSocket.close()
    await call.closed
    await expect(dial({ port: server.port, token })).rejects.toThrow('401')
    expect(await server.metric('echo_handshakes_total{outcome="replayed"}')).toBe('2')
  })

  it('with the token of another call gets no audio', async () => {
    await using server = await startTestServer()
    await using call = await dial({ port: server.port, callUuid: 'call-2', token: await newToken('call-1') })
    call.webSocket.send(audio(1))
    expect(await call.closed).toEqual({ code: 1008, reason: 'the token belongs to another call' })
    expect(call.frames).toEqual([])
  })

  it('that fails for a reason nobody thought of ends neither the process nor the other calls', async () => {
    let isBroken = false
    const clock = () => {
      if (isBroken) throw new Error('a reason nobody thought of')
      return Date.now()
    }
    await using server = await startTestServer({ clock })
    await using first = await dial({ port: server.port })
    const token = await newToken('call-2')
    isBroken = true
    await expect(dial({ port: server.port, callUuid: 'call-2', token })).rejects.toThrow()
    isBroken = false
    first.webSocket.send(audio(1))
    await until(() => first.frames.length === 1, 'the first call is echoed')
  })

  it('beyond the cap is answered 503, and spends no token', async () => {
    await using server = await startTestServer({ maxCalls: 1 })
    const token = await newToken('call-2')
    await using first = await dial({ port: server.port })
    await expect(dial({ port: server.port, callUuid: 'call-2', token })).rejects.toThrow('503')
    first.webSocket.close()
    await until(() => server.callCount === 0, 'the first call ended')
    await using second = await dial({ port: server.port, callUuid: 'call-2', token })
    second.webSocket.send(audio(1))
    await until(() => second.frames.length === 1, 'the second call is echoed')
  })

  it('on another path is answered 404, and a plain request 426', async () => {
    await using server = await startTestServer()
    expect((await upgrade(server.port, {}, '/')).status).toBe(404)
    expect((await fetch(`http://127.0.0.1:${server.port}/socket`)).status).toBe(426)
    expect((await fetch(`http://127.0.0.1:${server.port}/elsewhere`)).status).toBe(404)
  })

  it('does not offer compression', async () => {
    await using server = await startTestServer()
    const headers = { authorization: `Bearer ${await newToken('call-1')}` }
    const offer = { 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits' }
    const answer = await upgrade(server.port, { ...headers, ...offer })
    expect(answer.status).toBe(101)
    expect(answer.head.toLowerCase()).not.toContain('permessage-deflate')
  })
})

describe('a call', () => {
  it.each([
    [8_000, 320],
    [16_000, 640],
    [24_000, 960],
  ])('at %i Hz gets every frame back unchanged and in order', async (rate, byteLength) => {
    await using server = await startTestServer()
    await using call = await dial({ port: server.port, rate })
    const sent = Array.from({ length: 100 }, (_, number) => audio(number, byteLength))
    for (const frame of sent) call.webSocket.send(frame)
    await until(() => call.frames.length === sent.length, 'all frames came back')
    expect(Buffer.concat(call.frames).equals(Buffer.concat(sent))).toBe(true)
    expect(call.texts).toEqual([])
    expect(await server.metric('echo_frames_total')).toBe('100')
    expect(Number(await server.metric('echo_delay_seconds_count'))).toBeGreaterThanOrEqual(2)
  })

  it('never gets text back; the key * clears what is queued at the other end', async () => {
    await using server = await startTestServer()
    await using call = await dial({ port: server.port })
    call.webSocket.send('hello')
    call.webSocket.send(JSON.stringify({ event: 'websocket:dtmf', digit: '7', duration: 200 }))
    call.webSocket.send(JSON.stringify({ event: 'websocket:dtmf', digit: '*', duration: 200 }))
    call.webSocket.send(JSON.stringify({ event: 'websocket:cleared' }))
    call.webSocket.send(audio(1))
    await until(() => call.frames.length === 1, 'audio still works')
    expect(call.texts).toEqual(['{"action":"clear"}'])
  })

  it('loses frames of a wrong size, and after a second of them is closed', async () => {
    await using server = await startTestServer()
    await using call = await dial({ port: server.port })
    for (let number = 0; number < 49; number += 1) call.webSocket.send(audio(number, 320))
    call.webSocket.send(audio(1))
    await until(() => call.frames.length === 1, 'the right frame came back')
    for (let number = 0; number < 50; number += 1) call.webSocket.send(audio(number, 320))
    expect(await call.closed).toEqual({ code: 1003, reason: 'expected frames of 640 bytes' })
    expect(call.frames).toHaveLength(1)
    expect(await server.metric('echo_drops_total{reason="wrong-size"}')).toBe('99')
    const ended = async () => (await server.metric('echo_calls_ended_total{code="1003"}')) === '1'
    await until(ended, 'the end is counted')
  })

  it('that never says websocket:connected is closed', async () => {
    await using server = await startTestServer()
    await using call = await dial({ port: server.port, connected: { event: 'websocket:notify' } })
    server.skip(5_000)
    expect(await call.closed).toEqual({ code: 1002, reason: 'websocket:connected did not come' })
  })

  it.each([
    ['a huge frame', (send: (data: Buffer | string) => void) => send(Buffer.alloc(1_000_000)), 1009],
    ['a huge text', (send: (data: Buffer | string) => void) => send('x'.repeat(5_000)), 1009],
    ['junk text without end', (send: (data: Buffer | string) => void) => repeat(50, () => send('junk')), 1003],
    ['unknown audio', (send: (data: Buffer | string) => void) => send(formatOf('audio/mpeg')), 1003],
  ])('that sends %s is closed, and others go on', async (_name, misbehave, code) => {
    await using server = await startTestServer()
    await using good = await dial({ port: server.port, callUuid: 'good' })
    await using bad = await dial({ port: server.port })
    misbehave((data) => bad.webSocket.send(data))
    expect((await bad.closed).code).toBe(code)
    good.webSocket.send(audio(1))
    await until(() => good.frames.length === 1, 'the good call is echoed')
    expect(server.callCount).toBe(1)
  })

  it('that breaks the protocol is closed', async () => {
    await using server = await startTestServer()
    const socket = connect(server.port, '127.0.0.1')
    socket.write(requestText({ authorization: `Bearer ${await newToken('call-1')}` }))
    await once(socket, 'data')
    socket.write('this is not a WebSocket frame')
    socket.resume()
    await once(socket, 'close')
    await until(() => server.callCount === 0, 'the call is gone')
  })
})

function repeat(times: number, act: () => void): void {
  for (let time = 0; time < times; time += 1) act()
}

function formatOf(contentType: string): string {
  return JSON.stringify({ event: 'websocket:connected', 'content-type': contentType, call_uuid: 'call-1' })
}

function requestText(headers: Record<string, string>, path = '/socket'): string {
  const all = {
    host: 'echo',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** A handshake by hand, to see the whole answer. */
async function upgrade(port: number, headers: Record<string, string>, path?: string) {
  const socket = connect(port, '127.0.0.1')
  socket.write(requestText(headers, path))
  const [chunk]: unknown[] = await once(socket, 'data')
  const [head = '', body = ''] = String(chunk).split('\r\n\r\n')
  socket.destroy()
  return { status: Number(head.split(' ')[1]), head, body }
}
