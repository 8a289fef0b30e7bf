import { beforeAll, expect, inject, test } from 'vitest'

import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'

/** A little more than two updates of a topic in e2e.config.json. */
const TWO_UPDATES_MS = 4_500

let simulator: Simulator
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
})

test.concurrent('a text becomes a live feed; another switches it; STOP ends it; START lets it begin again', async () => {
  const phone = simulator.phone('sms')

  await phone.sends('hello')
  const help = await phone.expects(/MSFT/)
  expect(help.text).toContain('GOOGL')

  await phone.sends('msft please')
  await phone.expects(/You now receive MSFT updates here. Current value: \d+(\.\d+)?/)
  await phone.expects(/^MSFT \d+/)
  await phone.expects(/^MSFT \d+/)

  await phone.sends('GOOGL')
  await phone.expects(/You now receive GOOGL updates here/)
  await phone.expects(/^GOOGL \d+/)
  await phone.expectsNothing(TWO_UPDATES_MS, /MSFT/)

  await phone.sends('STOP')
  await phone.expects(/You will not receive any more messages/)
  await phone.expectsNothing(TWO_UPDATES_MS)

  await phone.sends('START')
  await phone.expects(/Welcome back/)
  await phone.sends('MSFT')
  await phone.expects(/You now receive MSFT updates here/)
  await phone.expects(/^MSFT \d+/)
})

test.concurrent('one person holds another topic on each channel, and STOP ends them all', async () => {
  const number = newAddress('sms')
  const sms = simulator.phone('sms', number)
  const whatsapp = simulator.phone('whatsapp', number)
  const messenger = simulator.phone('messenger')

  await sms.sends('MSFT')
  await whatsapp.sends('GOOGL')
  await messenger.sends('GOOGL')
  await sms.expects(/^MSFT \d+/)
  await whatsapp.expects(/^GOOGL \d+/)
  await messenger.expects(/^GOOGL \d+/)
  await sms.expectsNothing(TWO_UPDATES_MS, /GOOGL/)

  await sms.sends('stop')
  await sms.expects(/You will not receive any more messages/)
  await whatsapp.skips()
  await Promise.all([sms.expectsNothing(TWO_UPDATES_MS), whatsapp.expectsNothing(TWO_UPDATES_MS)])
  // A Messenger id says nothing about whose phone it is.
  await messenger.expects(/^GOOGL \d+/)
})

test.concurrent('a message that arrives twice is answered once', async () => {
  const phone = simulator.phone('sms')
  await simulator.breaks({ target: 'webhook', kind: 'duplicate', webhook: 'inbound', address: phone.address })
  await phone.sends('hello')
  await phone.expects(/MSFT/)
  await phone.expectsNothing(1_500)
})

test.concurrent('the first send answered 500, or 429, is sent again and arrives once', async () => {
  const phones = [simulator.phone('sms'), simulator.phone('whatsapp')]
  const answers = [{ status: 500 }, { status: 429, retryAfter: 1 }]
  for (const [index, phone] of phones.entries()) {
    await simulator.breaks({ target: 'send', kind: 'status', ...answers[index], address: phone.address })
    await phone.sends('hello')
  }
  for (const phone of phones) {
    await phone.expects(/MSFT/)
    await phone.expectsNothing(1_500)
  }
})

test.concurrent('a send whose answer never came is not repeated', async () => {
  const phone = simulator.phone('sms')
  await simulator.breaks({ target: 'send', kind: 'accept-then-drop', address: phone.address })
  await phone.sends('hello')
  await phone.expects(/MSFT/)
  await phone.expectsNothing(3_000)
})
