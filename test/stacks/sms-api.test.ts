import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { eventually } from '../support/eventually.ts'
import { connectOwnSimulator } from '../support/simulator.ts'
import type { OwnSimulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

const accepted = z.object({ id: z.string() })

/** A stack of our own: how SMS is sent and signed is set at the start. */
let stack: TestStack
let simulator: OwnSimulator
let api: SwitchboardApi
beforeAll(async () => {
  stack = await startTestStack({
    redisServerUrl: inject('redisUrl'),
    env: { VONAGE_SMS_API: 'sms', VONAGE_SMS_SIGNATURE_METHOD: 'sha256' },
  })
  simulator = connectOwnSimulator(stack)
  api = createSwitchboardApi(stack.addresses)
}, 120_000)
afterAll(() => stack[Symbol.asyncDispose]())

function showsMessage(id: string, state: string): Promise<void> {
  return eventually(async () => expect(await api.get(`/api/notifications/${id}`)).toMatchObject({ message: { state } }))
}

describe.for(['get', 'post', 'post-json'] as const)('an account whose webhooks come as %s', (smsWebhookFormat) => {
  beforeAll(() =>
    simulator.changesAccount({
      smsApiDefault: 'sms',
      smsSignatureMethod: 'sha256',
      smsWebhookFormat,
      // The tutorial's own route.
      urls: { inboundSms: `${stack.addresses.ingress}/update` },
    }),
  )

  test('sends by the SMS API, follows the receipts, takes the reply', async () => {
    const phone = simulator.phone('sms')
    const { id } = accepted.parse(await api.post('/api/notifications', { to: phone.address, template: 'delivery' }))
    await phone.expects(/Your delivery is scheduled/)
    await showsMessage(id, 'delivered')
    await phone.sends('2 please')
    await phone.expects('picking option 2')
    expect(await api.get(`/api/notifications/${id}`)).toMatchObject({ choice: { option: '2', meaning: 'Thursday' } })
    const requests = JSON.stringify(await simulator.log())
    expect(requests).toContain('/sms/json')
  })

  test('the same webhook twice confirms once; a long reply in parts is one, asked again once', async () => {
    const phone = simulator.phone('sms')
    await api.post('/api/notifications', { to: phone.address, template: 'delivery' })
    await phone.expects(/Your delivery is scheduled/)
    await phone.sends(`I would like to think about it. ${'Really. '.repeat(40)}`, { shuffle: true })
    await phone.expects(/Please reply 1 \(tomorrow\)/)
    await phone.expectsNothing(800)
    const messageId = await phone.sends('1')
    await phone.sends('1', { messageId })
    await phone.expects('picking option 1')
    await phone.expectsNothing(1_000)
  })

  test('a receipt that says the person opted out ends consent', async () => {
    const phone = simulator.phone('sms')
    await simulator.breaks({ target: 'send', kind: 'outcome', outcome: 'rejected', code: 1240, address: phone.address })
    const { id } = accepted.parse(await api.post('/api/notifications', { to: phone.address, template: 'delivery' }))
    await showsMessage(id, 'rejected')
    await simulator.heals()
    expect(await api.get(`/api/consent?address=${phone.address}`)).toMatchObject({
      people: [{ person: `tel.${phone.address}`, state: 'out', history: [{ source: 'provider' }] }],
    })
    const second = accepted.parse(await api.post('/api/notifications', { to: phone.address, template: 'delivery' }))
    await showsMessage(second.id, 'suppressed')
  })
})

test('a webhook whose signature is wrong is refused', async () => {
  const url = `${stack.addresses.ingress}/update?msisdn=447700900123&to=447700900000&messageId=x1&text=1&type=text&sig=00`
  expect((await fetch(url)).status).toBe(401)
})

test('the scenario legacy-sms: receipts and texts by GET, WhatsApp as v0.1', async () => {
  await simulator.reset()
  await simulator.changesAccount({ smsSignatureMethod: 'sha256' })
  await simulator.loads('legacy-sms')
  const [sms, whatsapp] = [simulator.phone('sms'), simulator.phone('whatsapp')]
  const { id } = accepted.parse(await api.post('/api/notifications', { to: sms.address, template: 'delivery' }))
  await sms.expects(/Your delivery is scheduled/)
  await showsMessage(id, 'delivered')
  await sms.sends('2')
  await sms.expects('picking option 2')
  const text = await whatsapp.sends('hello')
  await whatsapp.expects(/Send us a message/)
  expect((await simulator.log(text))[0]).toMatchObject({ status: 200, body: expect.stringContaining('"number"') })
})
