import { inboundMessageQueue } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { createConsent } from '@switchboard/store'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'

let service: ConsoleService
let ada: ConsoleClient
beforeAll(async () => {
  service = await startConsoleService({ CONSOLE_VIEWER_PASSWORD: 'password-of-viewers' })
  ada = await connectConsole(service.url, service.password)
  const consent = createConsent(service.redis.client)
  const event = { state: 'in', sentAt: 1, receivedAt: 1, source: 'text', causeId: 'in-1' } as const
  for (const address of ['447700900123', '447700901123', '447700900555']) await consent.record(`tel.${address}`, event)
})
afterAll(() => service[Symbol.asyncDispose]())

const pageOf = async (path: string) => (await ada.get(path)).text()
const goesTo = async (q: string) => {
  const response = await ada.get(`/search?q=${encodeURIComponent(q)}`)
  return response.headers.get('location') ?? response.status
}
const rename = (name: string, client = ada) => client.post('/people/tel.447700900123/name', { name })

test('a name is given, shown beside the number wherever it is listed, changed and taken away', async () => {
  expect((await rename('  Zoë  <b>O’Neil</b> ')).status).toBe(303)
  const shown = '<bdi class="name">Zoë &lt;b&gt;O’Neil&lt;/b&gt;</bdi> 447700900123'
  expect((await pageOf('/people')).includes(shown)).toBe(true)
  expect(
    (await pageOf('/people/tel.447700900123')).includes(
      '<h1><bdi>Zoë &lt;b&gt;O’Neil&lt;/b&gt;</bdi>, <bdi>447700900123</bdi></h1>',
    ),
  ).toBe(true)
  expect(await goesTo('o’neil')).toBe('/people/tel.447700900123')
  await rename('')
  expect((await pageOf('/people')).includes('class="name"')).toBe(false)
  await eventually(async () => {
    const trail = await pageOf('/audit')
    expect([trail.includes('person.name'), trail.includes('tel …0123'), trail.includes('Neil')]).toEqual([
      true,
      true,
      false,
    ])
  })
})

test('is given by operators, has 80 characters, and none that cannot be shown', async () => {
  const viewer = await connectConsole(service.url, 'password-of-viewers')
  expect((await rename('Eve', viewer)).status).toBe(403)
  expect((await rename('x'.repeat(81))).status).toBe(400)
  expect((await rename('a\u0007b')).status).toBe(400)
  expect((await rename('名前 🙂 שלום')).status).toBe(303)
})

test('last digits lead to the one whose number ends so, or list all who do', async () => {
  expect(await goesTo('555')).toBe('/people/tel.447700900555')
  expect(await goesTo('…00 555')).toBe('/people/tel.447700900555')
  expect(await goesTo('1123')).toBe('/people/tel.447700901123')
  expect(await goesTo('123')).toBe(200)
  const found = await pageOf('/search?q=123')
  expect([found.includes('447700900123'), found.includes('447700901123'), found.includes('900555')]).toEqual([
    true,
    true,
    false,
  ])
  expect(await goesTo('98765')).toBe(404)
})

test('whoever wrote a moment ago is found by last digits at once, before anybody has read it', async () => {
  await using inbound = createProducer(inboundMessageQueue, service.redis.client)
  const at = { sentAt: Date.now(), receivedAt: Date.now() }
  const message = { channel: 'whatsapp', to: '447700900001', kind: 'text', text: 'hi', ...at } as const
  await inbound.enqueue({ ...message, id: 'wa-1', from: '447700907731' })
  expect(await goesTo('7731')).toBe('/people/tel.447700907731')
})
