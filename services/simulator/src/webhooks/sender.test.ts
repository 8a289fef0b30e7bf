import { createHash } from 'node:crypto'

import { jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { eventually } from '../testing/eventually.ts'
import { credentials, startRig, type Rig } from '../testing/start.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig[Symbol.asyncDispose]())
beforeEach(() => {
  rig.world.reset()
  rig.application.received.length = 0
  rig.application.answer(() => ({ status: 200 }))
})

const sendText = async (text: string) => {
  const { body } = await rig.control('POST', '/phones/whatsapp/447700900010/messages', { text })
  return String(body.message_uuid)
}
const fault = (body: object) => rig.control('POST', '/faults', { target: 'webhook', ...body })
const texts = () => rig.application.received.map(({ body }) => body.text)
const verify = (token: string | undefined) =>
  jwtVerify((token ?? '').replace('Bearer ', ''), Buffer.from(credentials.signatureSecret), { algorithms: ['HS256'] })

test('inbound messages are signed over the raw body', async () => {
  await sendText('hello')
  const webhook = await rig.application.next(({ path }) => path === '/webhooks/inbound')
  const { payload } = await verify(webhook.headers.authorization)
  expect(payload).toMatchObject({
    iss: 'Vonage',
    application_id: credentials.applicationId,
    payload_hash: createHash('sha256').update(webhook.rawBody).digest('hex'),
  })
  expect(payload).not.toHaveProperty('exp')
})

test('a busy application is tried again after 5, 10, 20 … seconds, a 4xx is not', async () => {
  rig.world.clock.set({ paused: true })
  rig.application.answer(() => ({ status: 503 }))
  const id = await sendText('hello')
  const [entry] = rig.world.log.list({ about: id })
  for (const [attempt, waitMs] of [5_000, 10_000, 20_000].entries()) {
    await eventually(() => entry?.attempts.length).toBe(attempt + 1)
    rig.world.clock.step(waitMs - 1)
    expect(entry?.attempts).toHaveLength(attempt + 1)
    rig.world.clock.step(1)
  }
  rig.application.answer(() => ({ status: 400 }))
  await eventually(() => entry?.attempts.length).toBe(4)
  rig.world.clock.step(40_000)
  await eventually(() => entry?.state).toBe('given-up')
  await eventually(() => rig.world.messages.get(id)?.status).toBe('failed')
})

test('a duplicate arrives twice', async () => {
  await fault({ kind: 'duplicate' })
  await sendText('twice')
  await eventually(texts).toEqual(['twice', 'twice'])
})

test('a reordered webhook is overtaken by the next one', async () => {
  await fault({ kind: 'reorder' })
  await sendText('first')
  await sendText('second')
  await eventually(texts).toEqual(['second', 'first'])
})

test('only the same person overtakes', async () => {
  rig.world.clock.set({ paused: true })
  await fault({ kind: 'reorder' })
  await sendText('first')
  await rig.control('POST', '/phones/whatsapp/447700900011/messages', { text: 'somebody else' })
  await eventually(texts).toEqual(['somebody else'])
  await sendText('second')
  await eventually(texts).toEqual(['somebody else', 'second', 'first'])
})

test('a dropped webhook never arrives, a delayed one later', async () => {
  await fault({ kind: 'drop' })
  await sendText('lost')
  await fault({ kind: 'delay', ms: 2_000 })
  await sendText('late')
  await sendText('prompt')
  await eventually(texts).toEqual(['prompt', 'late'])
})

test('signatures can be spoiled', async () => {
  for (const kind of ['unsigned', 'wrong-signature', 'wrong-hash', 'stale-iat']) await fault({ kind })
  rig.world.faults.list().forEach(({ id, fault: { kind } }) => kind !== 'unsigned' && rig.world.faults.remove(id))
  await sendText('unsigned')
  const unsigned = await rig.application.next(({ body }) => body.text === 'unsigned')
  expect(unsigned.headers.authorization).toBeUndefined()
  await fault({ kind: 'wrong-signature' })
  await sendText('wrong')
  const wrong = await rig.application.next(({ body }) => body.text === 'wrong')
  await expect(verify(wrong.headers.authorization)).rejects.toThrow('signature')
  await fault({ kind: 'stale-iat' })
  await sendText('stale')
  const stale = await rig.application.next(({ body }) => body.text === 'stale')
  const { payload } = await verify(stale.headers.authorization)
  expect(payload.iat).toBeLessThan(Date.now() / 1_000 - 80_000)
})
