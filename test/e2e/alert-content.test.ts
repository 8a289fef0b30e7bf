import { expect, inject, test } from 'vitest'

import { createAlertClient, opensWindow } from '../support/alert-client.ts'
import { connectConsole } from '../support/console-client.ts'
import type { Phone } from '../support/phone.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'

const sticker = { type: 'sticker', url: 'https://example.com/fire.webp' }

const simulator = connectSimulator(inject('stack').simulator)
const alerts = createAlertClient(inject('stack'))

/** A channel of a policy, with what it says instead of the text. */
const channelOf = ({ channel, address }: Phone, expiry_time: number, parts: object = {}) => ({
  type: channel,
  id_num: address,
  expiry_time,
  ...parts,
})

test.concurrent('each channel says an alert in its own way: a sticker, buttons, a tag, a picture, a template', async () => {
  const number = newAddress('sms')
  const [whatsapp, viber, messenger, other] = [
    simulator.phone('whatsapp', number),
    simulator.phone('viber_service', number),
    simulator.phone('messenger'),
    simulator.phone('whatsapp', newAddress('whatsapp')),
  ]
  await opensWindow(whatsapp, messenger)
  const buttons = ['{code}', 'pass {code}'].map((id, at) => ({
    type: 'reply',
    reply: { id, title: ['Mine', 'Not me'][at] },
  }))
  const interactive = { type: 'button', body: { text: '{code}: {text}' }, action: { buttons } }
  const template = { name: 'shop:alert', locale: 'en_GB', parameters: ['{text}', '{code}'] }
  const { id } = Object(
    await alerts.post('/api/alerts', {
      text: 'The disk\nfills',
      users: [
        {
          name: 'Tony',
          channels: [
            channelOf(whatsapp, 3, { content: sticker }),
            channelOf(viber, 3, {
              content: { type: 'image', url: 'https://example.com/{code}.png', caption: '{text}' },
            }),
            channelOf(messenger, 3, { options: { messengerTag: 'ACCOUNT_UPDATE' } }),
            channelOf(whatsapp, 600, { content: { type: 'custom', custom: { type: 'interactive', interactive } } }),
          ],
        },
        {
          name: 'Ann',
          channels: [channelOf(other, 600, { content: { type: 'template', template } }), channelOf(viber, 600)],
        },
      ],
    }),
  )

  expect((await whatsapp.expects('')).media).toMatchObject({ kind: 'sticker', url: sticker.url })
  const picture = await viber.expects(/^The disk\nfills$/)
  const { code } = Object(await alerts.get(`/api/alerts/${id}`))
  expect(picture.media).toMatchObject({ kind: 'image', url: `https://example.com/${code}.png` })
  expect(picture.buttons).toMatchObject([{ title: 'I have it', value: expect.stringContaining('/a/') }])
  await messenger.expects(`The disk\nfills\nReply ${code}`)
  const asked = await whatsapp.expects(`${code}: The disk\nfills`)
  await whatsapp.presses(asked, 'Not me')
  // Ann has never written: her template has no line break.
  await other.expects(`[shop:alert] The disk fills, ${code}`)

  const { console: address, consolePassword } = inject('stack')
  const shown = await (await (await connectConsole(address, consolePassword)).get(`/alerts/${id}`)).text()
  for (const name of ['sticker', 'image', 'WhatsApp interactive', 'template shop:alert'])
    expect(shown).toContain(`as ${name}`)
  await other.sends('ok')
  expect((await alerts.until(id, 'attended')).attendedBy).toMatchObject({ how: 'reply', user: 'Ann' })
})

test.concurrent('an alert that waited for others and goes alone is as it would have been', async () => {
  const whatsapp = simulator.phone('whatsapp')
  await opensWindow(whatsapp)
  const content = { type: 'image', url: 'https://example.com/a.png', caption: '{text}' }
  const own = [{ name: 'Tony', channels: [channelOf(whatsapp, 600, { content }), channelOf(whatsapp, 600)] }]
  const usual = [{ name: 'Tony', channels: [channelOf(whatsapp, 600), channelOf(whatsapp, 600)] }]
  await alerts.post('/api/alerts', { text: 'The first', users: usual })
  await whatsapp.expects('The first')
  await alerts.post('/api/alerts', { text: 'The second', users: own })
  expect((await whatsapp.expects(/^The second$/)).media).toMatchObject({ kind: 'image', url: content.url })
})

test.concurrent('started again on the console it is what it was: the sticker, the file', async () => {
  const [whatsapp, viber] = [simulator.phone('whatsapp'), simulator.phone('viber_service')]
  await opensWindow(whatsapp)
  const channels = [channelOf(whatsapp, 3, { content: sticker }), channelOf(viber, 600)]
  const media = { type: 'file', url: 'https://example.com/plan.pdf' }
  const { id } = Object(
    await alerts.post('/api/alerts', { text: 'The tap drips', media, users: [{ name: 'Tony', channels }] }),
  )
  await whatsapp.expects('')
  await alerts.delete(`/api/alerts/${id}`)
  await alerts.until(id, 'cancelled')

  const { console: address, consolePassword } = inject('stack')
  const ada = await connectConsole(address, consolePassword)
  const form = await (await ada.get(`/alerts/new?again=${id}`)).text()
  const people = /name="people"[^>]*>([^<]*)</.exec(form)?.[1] ?? ''
  const again = /name="again" value="([^"]*)"/.exec(form)?.[1] ?? ''
  const started = await ada.post('/alerts', { how: 'hand', people, wait: '600', text: 'It drips again', again })
  const next = started.headers.get('location')?.split('/').at(-1) ?? ''
  expect((await whatsapp.expects('')).media).toMatchObject({ kind: 'sticker', url: sticker.url })
  expect(await alerts.get(`/api/alerts/${next}`)).toMatchObject({ text: 'It drips again', media })
})

test.concurrent('what a channel does not take is refused by name, with everything else; what says nothing is told', async () => {
  const users = [
    {
      name: 'Tony',
      channels: [
        { type: 'sms', id_num: 'x', content: sticker },
        { type: 'voice', id_num: '447700900011', content: sticker },
      ],
    },
  ]
  const answer = await alerts.ask('POST', '/api/alerts', { users, text: 'x' })
  expect(answer.status).toBe(422)
  const { errors } = Object(await answer.json())
  expect(errors.map(({ field }: { field: string }) => field)).toEqual([
    'users[0].channels[0].id_num',
    'users[0].channels[0].content.type',
    'users[0].channels[1].content',
  ])
  const whatsapp = simulator.phone('whatsapp')
  const mute = [channelOf(whatsapp, 600, { content: sticker }), channelOf(whatsapp, 600)]
  expect(await alerts.post('/api/alerts', { users: [{ name: 'Tony', channels: mute }], text: 'x' })).toMatchObject({
    warnings: [{ field: 'users[0].channels[0].content' }],
  })
})
