import { setTimeout as delay } from 'node:timers/promises'

import { expect, inject, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'

import { dial, endpointOf } from '../support/caller.ts'
import type { SimulatedCall } from '../support/caller.ts'

const stack = inject('stack')
const CALL_MS = 10_000
/** Of 20 ms each. */
const FRAMES = CALL_MS / 20

const isConnected = ({ frames }: SimulatedCall) => (frames?.echoed ?? 0) > 0
const isOver = ({ state }: SimulatedCall) => state === 'completed'
const hasToken = ({ ncco }: SimulatedCall) => ncco.some(({ action }) => action === 'connect')

test('a call of ten seconds gets back every frame byte for byte', async () => {
  const caller = await dial(stack.simulator)
  await caller.until(isConnected, 'the call is connected')
  await delay(CALL_MS)
  await caller.hangsUp()
  const { frames } = await caller.until(isOver, 'the call is over')
  console.log(
    `Echo of ${frames?.sent} frames: round trip p99 ${frames?.roundTripMs?.p99} ms, max ${frames?.roundTripMs?.max} ms`,
  )
  expect(frames?.sent).toBeGreaterThan(FRAMES * 0.98)
  // What was under way when the caller hung up has nowhere to go.
  expect(frames!.sent - frames!.echoed).toBeLessThanOrEqual(2)
  expect(frames).toMatchObject({ lost: 0, foreign: 0, wrongSize: 0, texts: [] })
})

test('the call is on record: who, states, duration, price', async () => {
  const caller = await dial(stack.simulator)
  await caller.until(isConnected, 'the call is connected')
  await caller.presses('7*')
  const { frames } = await caller.until((call) => (call.frames?.texts.length ?? 0) > 0, 'the key * has cleared')
  expect(frames?.texts).toEqual(['{"action":"clear"}'])
  await caller.hangsUp()
  await caller.until(isOver, 'the call is over')
  const kept = await untilRecord(
    caller.uuid,
    ({ state, legs }) => state === 'completed' && Object.keys(legs).length === 2,
  )
  expect(kept).toMatchObject({ uuid: caller.uuid, from: caller.from, state: 'completed' })
  expect(kept.legs[caller.uuid]).toMatchObject({ kind: 'phone', price: expect.any(String), disconnectedBy: 'user' })
  expect(Number(kept.legs[caller.uuid]?.durationSeconds)).toBeGreaterThan(0)
  const { calls } = z.object({ calls: z.array(record) }).parse(await api('/api/calls?limit=100'))
  expect(calls.map(({ uuid }) => uuid)).toContain(caller.uuid)
})

test('only the call itself may connect, and once', async () => {
  const caller = await dial(stack.simulator)
  const { uri, authorization } = endpointOf(await caller.until(hasToken, 'the call is answered'), stack.echo)
  expect(await handshake(uri, {})).toBe(401)
  expect(await handshake(uri, { authorization: 'Bearer junk' })).toBe(401)
  await caller.until(isConnected, 'the call is connected')
  expect(await handshake(uri, { authorization })).toBe(401)
  await caller.hangsUp()
  await caller.until(isOver, 'the call is over')
  expect(await handshake(uri, { authorization })).toBe(401)
})

test('a token gives no other call an echo; the call that lost its own hears an apology', async () => {
  const caller = await dial(stack.simulator)
  const { uri, authorization } = endpointOf(await caller.until(hasToken, 'the call is answered'), stack.echo)
  const thief = new WebSocket(uri, { headers: { authorization } })
  const closed = new Promise<number>((resolve) => void thief.once('close', resolve))
  thief.once('open', () => {
    thief.send(
      JSON.stringify({ event: 'websocket:connected', 'content-type': 'audio/l16;rate=16000', call_uuid: 'another' }),
    )
    thief.send(Buffer.alloc(640))
  })
  expect(await closed).toBe(1008)
  const { lines, legs } = await caller.until(isOver, 'the call is over')
  expect(legs[0]?.failure).toContain('401')
  expect(lines.findLast(({ kind }) => kind === 'talk')?.text).toMatch(/^Sorry/)
})

/** The status of the refusal; fails when it is let in. */
function handshake(uri: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(uri, { headers })
    webSocket.once('open', () => reject(new Error('was let in')))
    webSocket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0)
      request.destroy()
    })
    webSocket.on('error', () => undefined)
  })
}

async function api(path: string): Promise<unknown> {
  const response = await fetch(`${stack.ingress}${path}`, { headers: { authorization: `Bearer ${stack.apiToken}` } })
  return response.json()
}

const record = z.object({
  uuid: z.string(),
  state: z.string(),
  from: z.string().optional(),
  legs: z.record(
    z.string(),
    z.object({
      kind: z.string(),
      durationSeconds: z.string().optional(),
      price: z.string().optional(),
      disconnectedBy: z.string().optional(),
    }),
  ),
})
type RecordOfCall = z.infer<typeof record>

async function untilRecord(uuid: string, isSo: (found: RecordOfCall) => boolean): Promise<RecordOfCall> {
  let answer: unknown
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await delay(50)) {
    answer = await api(`/api/calls/${uuid}`)
    const found = record.safeParse(answer)
    if (found.success && isSo(found.data)) return found.data
  }
  throw new Error(`The record of ${uuid} never became complete: ${JSON.stringify(answer)}`)
}
