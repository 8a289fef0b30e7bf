import { expect, inject, test } from 'vitest'

import { createAlertClient, opensWindow } from '../support/alert-client.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'

const picture = { type: 'image', url: 'https://example.com/disk.png' }

const simulator = connectSimulator(inject('stack').simulator)
const alerts = createAlertClient(inject('stack'))

test('a picture comes with the alert: with its text where the channel has that, as a link or on the page where not', async () => {
  const number = newAddress('sms')
  const [whatsapp, viber, messenger, sms] = [
    simulator.phone('whatsapp', number),
    simulator.phone('viber_service', number),
    simulator.phone('messenger'),
    simulator.phone('sms', number),
  ]
  await opensWindow(whatsapp, messenger)
  const people = [{ name: 'Tony', phones: [whatsapp, viber, messenger, sms], seconds: 2 }]
  const id = await alerts.start(people, 'The disk fills', { media: picture })

  const shown = await whatsapp.expects(/^The disk fills\nReply A\d+ to acknowledge/)
  expect(shown.media).toMatchObject({ kind: 'image', url: picture.url })
  expect((await viber.expects(/^The disk fills\n/)).media).toMatchObject({ kind: 'image', url: picture.url })
  await messenger.expects(/^The disk fills\nReply A\d+ to acknowledge.*\nhttps:\/\/example\.com\/disk\.png$/s)
  const { text } = await sms.expects(/^The disk fills\n/)
  expect(text).not.toContain(picture.url)
  const page = await (await fetch(/http\S+\/a\/\S+/.exec(text)?.[0] ?? '')).text()
  expect(page).toContain(`<a href="${picture.url}"`)
  expect(await alerts.get(`/api/alerts/${id}`)).toMatchObject({ media: picture })

  // The button above which the picture stands answers as it does without.
  await whatsapp.presses(shown, 'I have it')
  await alerts.until(id, 'attended')
})

test('what comes with an alert is an address, or is refused by name', async () => {
  const users = [{ name: 'Tony', channels: [{ type: 'sms' }, { type: 'whatsapp' }] }]
  const answer = await alerts.ask('POST', '/api/alerts', {
    users,
    text: 'x',
    media: { type: 'image', url: 'disk.png' },
  })
  expect(answer.status).toBe(422)
  const { errors } = Object(await answer.json())
  expect(errors.map(({ field }: { field: string }) => field)).toContain('media.url')
})
