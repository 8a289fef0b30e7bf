import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { openSharedBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import type { Phone } from '../support/phone.ts'
import { startService } from '../support/service.ts'
import { openSimulatorPage } from '../support/simulator-page.ts'
import { connectOwnSimulator, newAddress } from '../support/simulator.ts'
import type { OwnSimulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

/** What is set for a whole account of Vonage, or its clock: one after the other, on a stack of their own. */
let stack: TestStack
let simulator: OwnSimulator
let api: SwitchboardApi
beforeAll(async () => {
  stack = await startTestStack({ redisServerUrl: inject('redisUrl') })
  simulator = connectOwnSimulator(stack)
  api = createSwitchboardApi(stack.addresses)
})
afterAll(() => stack?.[Symbol.asyncDispose]())
beforeEach(() => simulator.reset())

type Contact = Pick<Phone, 'channel' | 'address'>
const accepted = z.object({ id: z.string() })

function shows(path: string, expected: object): Promise<void> {
  return eventually(async () => expect(await api.get(path)).toMatchObject(expected))
}

/** A Messenger phone and one for SMS, whose owner has written to us on both: free text may come back. */
async function whoWrote(): Promise<{ messenger: Phone; sms: Phone }> {
  const phones = { messenger: simulator.phone('messenger'), sms: simulator.phone('sms') }
  for (const phone of Object.values(phones)) {
    await phone.sends('hello')
    await phone.expects(/Send us a message/)
  }
  return phones
}

/** One user with two channels, of which the first has so many seconds. */
async function alertOne(
  [first, second]: [Contact, Contact],
  text: string,
  { seconds = 600, engine = 'local' }: { seconds?: number; engine?: 'local' | 'dispatch' } = {},
): Promise<string> {
  const channels = [
    { type: first.channel, id_num: first.address, expiry_time: seconds },
    { type: second.channel, id_num: second.address },
  ]
  const body = { text, users: [{ name: 'Alice', channels, final_wait: 600 }], engine }
  return accepted.parse(await api.post('/api/alerts', body)).id
}

test('open-windows: an alert goes out where we know of no window, a notification does not', async () => {
  await simulator.loads('open-windows')
  const [whatsapp, sms] = [simulator.phone('whatsapp'), simulator.phone('sms')]
  const body = { to: whatsapp.address, channel: 'whatsapp', template: 'delivery' }
  const { id: notified } = accepted.parse(await api.post('/api/notifications', body))
  await shows(`/api/notifications/${notified}`, { message: { state: 'suppressed', reason: 'outside-window' } })
  const id = await alertOne([whatsapp, sms], 'Main server down')
  await whatsapp.expects(/^Main server down/)
  await whatsapp.reads()
  await shows(`/api/alerts/${id}`, { state: 'attended', attendedBy: { channel: 'whatsapp', how: 'read' } })
})

test('new-account: Dispatch is closed to it, and the walk goes on without', async () => {
  const { messenger, sms } = await whoWrote()
  await simulator.loads('new-account')
  const id = await alertOne([messenger, sms], 'Main server down', { engine: 'dispatch' })
  await shows(`/api/alerts/${id}`, {
    state: 'exhausted',
    timeline: expect.arrayContaining([expect.objectContaining({ event: 'failed', reason: expect.any(String) })]),
  })
})

test('fast-forward: a minute and a half of Dispatch in a second', async () => {
  const { messenger, sms } = await whoWrote()
  await simulator.loads('fast-forward')
  const startedAt = Date.now()
  await alertOne([messenger, sms], 'Main server down', { seconds: 90, engine: 'dispatch' })
  await sms.expects('Main server down')
  expect(Date.now() - startedAt).toBeLessThan(90_000)
})

test('ten minutes of Dispatch in one: the clock panel', async (context) => {
  await using browser = await openSharedBrowser()
  if (!browser) return context.skip('there is no Chromium here')
  const alice = '447700900010'
  const [messenger, sms] = [simulator.phone('messenger', '9000000010'), simulator.phone('sms', alice)]
  await using page = await openSimulatorPage(browser, stack.addresses.simulator)
  const phone = await page.phone(alice)
  await phone.opens('messenger')
  await phone.types('hello')
  await phone.sees('MSFT')
  await phone.goesHome()
  const text = `Database down (${newAddress('sms')})`
  const id = await alertOne([messenger, sms], text, { engine: 'dispatch' })
  const notices = phone.element.locator('.notice', { hasText: text })
  await notices.filter({ hasText: 'Messenger' }).waitFor()
  await page.opensTab('Clock')
  await page.page.getByRole('button', { name: '×1000' }).click()
  await notices.filter({ hasText: 'SMS' }).waitFor()
  await page.page.getByRole('button', { name: '×1', exact: true }).click()

  await phone.opens('sms')
  await phone.types('I have it')
  await shows(`/api/alerts/${id}`, { state: 'attended', attendedBy: { user: 'Alice', channel: 'sms', how: 'reply' } })
  expect(page.errors).toEqual([])
})

const shapes = [
  ['v1', {}, '"parameters":["Eve","Hello Eve, your parcel comes at noon. Reply 1 (fine) or 2 (later)."]'],
  ['v0.1', {}, '"parameters":["Eve","Hello Eve,'],
  ['v0.1', { VONAGE_TEMPLATE_PARAMETERS: 'objects' }, '"parameters":[{"default":"Eve"},{"default":"Hello Eve,'],
] as const

/** Which version of the Messages API is spoken is set at the start of whoever sends. */
describe.for(shapes)('Messages %s %j', ([version, env, parameters]) => {
  test('outside the window the template goes out, within it the text', async (context) => {
    await stack.processes.get('outbound')?.[Symbol.asyncDispose]()
    const outbound = await startService('outbound', {
      ...stack.environment,
      VONAGE_MESSAGES_VERSION: version,
      ...env,
    })
    context.onTestFinished(() => outbound[Symbol.asyncDispose]())
    const body = '{{1}}: {{2}}'
    await simulator.changesAccount({
      webhookVersion: version,
      strictTemplates: true,
      templates: { 'shop:parcel': { parameters: 2, body } },
    })
    const phone = simulator.phone('whatsapp')
    const request = { to: phone.address, channel: 'whatsapp', template: 'parcel', variables: { name: 'Eve' } }

    await api.post('/api/notifications', request)
    await phone.expects('Eve: Hello Eve, your parcel comes at noon.')
    const sent = await eventually(async () => {
      const entries = (await simulator.log()).map((entry) => JSON.stringify(entry))
      const found = entries.find((entry) => entry.includes('shop:parcel') && entry.includes(phone.address))
      expect(found).toBeDefined()
      return found ?? ''
    })
    // The log may keep the body as text.
    const unescaped = sent.replaceAll('\\"', '"')
    expect(unescaped).toContain(parameters)
    expect(unescaped).toContain('"locale":"en_GB"')

    await phone.sends('1')
    await phone.expects('picking option 1')
    await api.post('/api/notifications', request)
    await phone.expects(/^Hello Eve/)

    // By what we know the window is open; the provider says that it is not.
    await phone.sends('1')
    await phone.expects('picking option 1')
    await simulator.breaks({ target: 'send', kind: 'outcome', outcome: 'rejected', code: 1340, address: phone.address })
    const { id } = (await api.post('/api/notifications', request)) as { id: string }
    await phone.expects('Eve: Hello Eve, your parcel comes at noon.')
    await phone.sends('2')
    await phone.expects('picking option 2')
    await expect.poll(() => api.get(`/api/notifications/${id}`)).toMatchObject({ choice: { reply: '2' } })
  })
})
