import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { startRig } from './testing/start.ts'
import { keepWorld } from './world-file.ts'

const ALICE = '447700900010'
const STRANGER = '447700900777'

function fileOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'world.json')
}

test('phones, threads and windows survive a restart, and what was under way arrives', async () => {
  const path = fileOfTest()
  const whatsapp = { channel: 'whatsapp', message_type: 'text', from: '447700900001', text: 'Hello' }
  let waiting = ''
  {
    await using rig = await startRig()
    const file = keepWorld(path, rig.world)
    await rig.control('POST', '/people', { name: 'Mallory', number: STRANGER })
    await rig.control('POST', `/phones/whatsapp/${STRANGER}/messages`, { text: 'hi' })
    await rig.control('PUT', `/phones/${STRANGER}/switches`, { power: false })
    await rig.control('POST', '/opt-outs', { sender: '447700900000', address: ALICE })
    const sent = await rig.vonage('POST', '/v1/messages', { ...whatsapp, to: STRANGER })
    waiting = String(sent.body.message_uuid)
    await rig.application.next(({ body }) => body.message_uuid === waiting && body.status === 'submitted')
    file[Symbol.dispose]()
  }
  await using rig = await startRig()
  keepWorld(path, rig.world)
  expect(rig.world.people.find(STRANGER)).toMatchObject({ name: 'Mallory', switches: { power: false } })
  expect(rig.world.optOuts.list()).toEqual([{ sender: '447700900000', address: ALICE }])
  await rig.control('PUT', `/phones/${STRANGER}/switches`, { power: true })
  await rig.application.next(({ body }) => body.message_uuid === waiting && body.status === 'delivered')
  expect(rig.application.received.filter(({ body }) => body.status === 'submitted')).toEqual([])
  // The window that this person opened is still open.
  const again = await rig.vonage('POST', '/v1/messages', { ...whatsapp, to: STRANGER })
  await rig.application.next(({ body }) => body.message_uuid === again.body.message_uuid && body.status === 'delivered')
  const { body } = await rig.control('GET', `/phones/whatsapp/${STRANGER}/messages`)
  expect(body.messages).toMatchObject([{ text: 'hi' }, { id: waiting }, { text: 'Hello' }])
})

test('time that passes while the simulator is away closes windows', async () => {
  const path = fileOfTest()
  {
    await using rig = await startRig()
    const file = keepWorld(path, rig.world)
    await rig.control('POST', `/phones/whatsapp/${STRANGER}/messages`, { text: 'hi' })
    file[Symbol.dispose]()
  }
  const saved = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...saved, savedAt: new Date(Date.now() - 25 * 3_600_000).toISOString() }))
  await using rig = await startRig()
  keepWorld(path, rig.world)
  const message = { channel: 'whatsapp', message_type: 'text', from: '447700900001', to: STRANGER, text: 'Hello' }
  const { body } = await rig.vonage('POST', '/v1/messages', message)
  const rejected = await rig.application.next((webhook) => webhook.body.message_uuid === body.message_uuid)
  expect(rejected.body).toMatchObject({ status: 'rejected', error: { title: '1340' } })
})

test('a file that is none of ours is named, and left as it is', async () => {
  const path = fileOfTest()
  writeFileSync(path, 'nonsense')
  await using rig = await startRig()
  expect(() => keepWorld(path, rig.world)).toThrow(path)
  expect(readFileSync(path, 'utf8')).toBe('nonsense')
})

test('what is the case can be saved as a scenario and loaded into another simulator', async () => {
  await using mine = await startRig({ strictTemplates: true })
  await mine.control('POST', `/phones/whatsapp/${STRANGER}/messages`, { text: 'hi' })
  await mine.control('POST', '/faults', { target: 'send', kind: 'status', status: 429, times: 3 })
  const scenario = (await mine.control('GET', '/scenario')).body
  await using theirs = await startRig()
  const loaded = await theirs.control('POST', '/scenarios', scenario)
  expect(loaded.status).toBe(200)
  const { body } = await theirs.control('GET', `/phones/whatsapp/${STRANGER}/messages`)
  expect(body.messages).toMatchObject([{ text: 'hi', direction: 'out' }])
  expect(theirs.world.faults.list()).toMatchObject([{ fault: { status: 429 }, remaining: 3 }])
  const settings = theirs.world.account.settings()
  expect(settings.strictTemplates).toBe(true)
  expect(settings.urls.inbound).toContain(theirs.application.url)
  expect(theirs.application.received).toEqual([])
})
