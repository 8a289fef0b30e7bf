import { beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { eventually } from '../support/eventually.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'

const accepted = z.object({ id: z.string() })
const page = z.object({ messages: z.array(z.looseObject({ id: z.string() })), next: z.string().nullable() })

let simulator: Simulator
let api: SwitchboardApi
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  api = createSwitchboardApi(inject('stack'))
})

async function send(body: object): Promise<string> {
  return accepted.parse(await api.post('/api/messages', body)).id
}

const list = async (query: string) => page.parse(await api.get(`/api/messages?${query}`))

test.concurrent('a text is sent, can be read at once, is listed by person, purpose and state', async () => {
  const phone = simulator.phone('sms')
  const id = await send({ to: `+${phone.address}`, text: 'Your table is ready', options: { ttlSeconds: 600 } })
  expect(await api.get(`/api/messages/${id}`)).toMatchObject({ id, text: 'Your table is ready', purpose: 'message' })
  await phone.expects('Your table is ready')
  const second = await send({ to: phone.address, text: 'Still ready' })
  await phone.expects('Still ready')
  const query = `to=${phone.address}&purpose=message&state=delivered`
  await eventually(async () => expect((await list(query)).messages.map((each) => each.id)).toEqual([second, id]))
  const first = await list(`${query}&limit=1`)
  expect(first.messages).toMatchObject([{ id: second }])
  expect((await list(`${query}&limit=1&after=${first.next}`)).messages).toMatchObject([{ id }])
  expect((await list(`to=${phone.address}&state=refused`)).messages).toEqual([])
  await eventually(async () => {
    const { messages } = await list(`purpose=message&since=${new Date(Date.now() - 60_000).toISOString()}&limit=100`)
    expect(messages.map((each) => each.id)).toContain(id)
  })
  expect((await list(`to=${phone.address}&until=2020-01-01T00:00:00Z`)).messages).toEqual([])
})

const url = 'https://example.com/a.jpg'
test.concurrent.each([
  ['whatsapp', { type: 'image', url, caption: 'the menu' }, 'the menu'],
  ['whatsapp', { type: 'sticker', url: 'https://example.com/a.webp' }, ''],
  [
    'whatsapp',
    { type: 'custom', custom: { type: 'location', location: { latitude: 1, longitude: 2, name: 'us' } } },
    'us',
  ],
  ['whatsapp', { type: 'template', template: { name: 'shop:x', locale: 'en_GB', parameters: ['7'] } }, '[shop:x] 7'],
  ['messenger', { type: 'file', url }, ''],
  ['viber_service', { type: 'image', url, caption: 'the menu' }, 'the menu'],
] as const)('%s shows %o', async (channel, content, text) => {
  const phone = simulator.phone(channel)
  await phone.sends('hello')
  await phone.expects(/Send us a message/)
  const id = await send({ channel, to: phone.address, content })
  expect((await phone.expects(text)).text).toBe(text)
  await eventually(async () =>
    expect(await api.get(`/api/messages/${id}`)).toMatchObject({ state: 'delivered', content }),
  )
})

test.concurrent('outside the window a template goes out, a picture does not', async () => {
  const phone = simulator.phone('whatsapp')
  const picture = await send({ channel: 'whatsapp', to: phone.address, content: { type: 'image', url } })
  await eventually(async () =>
    expect(await api.get(`/api/messages/${picture}`)).toMatchObject({ state: 'suppressed', reason: 'outside-window' }),
  )
  const template = { name: 'shop:ready', locale: 'en_GB', parameters: [] }
  await send({ channel: 'whatsapp', to: phone.address, content: { type: 'template', template } })
  await phone.expects('[shop:ready]')
})

test.concurrent('whoever opted out gets nothing', async () => {
  const phone = simulator.phone('sms')
  await phone.sends('STOP')
  await phone.expects(/You will not receive/)
  const id = await send({ to: phone.address, text: 'Buy!' })
  await eventually(async () =>
    expect(await api.get(`/api/messages/${id}`)).toMatchObject({ state: 'suppressed', reason: 'opted-out' }),
  )
})

test.concurrent('what a channel does not take is refused, all of it at once', async () => {
  const answer = await api.ask('POST', '/api/messages', {
    channel: 'sms',
    to: 'nobody',
    content: { type: 'sticker', url },
    options: { messengerTag: 'X' },
  })
  expect(answer.status).toBe(422)
  expect(await answer.json()).toMatchObject({
    errors: [{ field: 'to' }, { field: 'content.type' }, { field: 'options.messengerTag' }],
  })
})
