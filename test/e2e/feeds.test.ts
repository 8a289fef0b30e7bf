import { beforeAll, describe, expect, inject, test } from 'vitest'

import { eventually } from '../support/eventually.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'

let simulator: Simulator
let api: SwitchboardApi
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  api = createSwitchboardApi(inject('stack'))
})

describe('webhooks as they come', () => {
  test.concurrent('statuses that are duplicated, out of order and late change nothing: one text, one update at a time', async () => {
    const phone = simulator.phone('whatsapp')
    for (const kind of ['duplicate', 'reorder', 'delay'] as const) {
      await simulator.breaks({
        target: 'webhook',
        kind,
        webhook: 'status',
        address: phone.address,
        times: null,
        rate: 0.5,
      })
    }
    await phone.turns({ autoRead: true })
    await phone.sends('MSFT')
    await phone.expects(/You now receive MSFT updates here/)
    for (let update = 0; update < 3; update += 1) await phone.expects(/^MSFT \d+/)
    const texts = (await phone.received()).map(({ text }) => text)
    expect(texts.filter((text) => text.startsWith('You now'))).toHaveLength(1)
    const answers = (await simulator.log())
      .filter(({ kind, body, state }) => kind === 'webhook' && body.includes(phone.address) && state === 'done')
      .map(({ status }) => status)
    expect(new Set(answers)).toEqual(new Set([200]))
  })

  test.concurrent('an older wish that is overtaken does not undo the newer one', async () => {
    const phone = simulator.phone('sms')
    await simulator.breaks({ target: 'webhook', kind: 'delay', ms: 1_500, webhook: 'inbound', address: phone.address })
    await phone.sends('MSFT')
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await phone.sends('GOOGL')
    await phone.expects(/You now receive GOOGL updates here/)
    await phone.expects(/^GOOGL \d+/)
    await phone.expectsNothing(3_000, /MSFT/)
  })

  test.concurrent('an unsigned one is refused with 503 and counts when it comes again, signed', async () => {
    const phone = simulator.phone('sms')
    await simulator.breaks({ target: 'webhook', kind: 'unsigned', webhook: 'inbound', address: phone.address })
    const id = await phone.sends('hello')
    await phone.expects(/Send us a message/)
    const [entry] = await simulator.log(id)
    expect(entry).toMatchObject({ attempts: [{ status: 503 }, { status: 200 }] })
  })

  test.concurrent.for(['wrong-signature', 'wrong-hash', 'stale-iat'] as const)(
    'one with a %s has no effect',
    async (kind) => {
      const phone = simulator.phone('sms')
      await simulator.breaks({ target: 'webhook', kind, webhook: 'inbound', address: phone.address })
      const id = await phone.sends('MSFT')
      await eventually(async () =>
        expect((await simulator.log(id))[0]).toMatchObject({ state: expect.stringMatching(/done|given-up/) }),
      )
      const [entry] = await simulator.log(id)
      // Vonage repeats a webhook for a day with its first signature: one of yesterday is still good.
      expect(entry).toMatchObject({ status: kind === 'stale-iat' ? 200 : 401 })
      if (kind !== 'stale-iat') await phone.expectsNothing(1_500)
    },
  )
})

describe('what people send', () => {
  test.concurrent('a picture and a place are answered with help; a reaction is not', async () => {
    const phone = simulator.phone('whatsapp')
    await phone.sends('', { type: 'image', url: 'https://pictures.example/1.jpg' })
    await phone.expects(/Send us a message/)
    await phone.sends('', { location: { lat: 51.5, long: -0.1 } })
    const help = await phone.expects(/Send us a message/)
    await phone.sends('', { reaction: { emoji: '👍', to: help.message_uuid } })
    await phone.expectsNothing(1_500)
  })

  test.concurrent('full-width letters, another case, Japanese around the topic', async () => {
    const phone = simulator.phone('messenger')
    await phone.sends('ｍｓｆｔください')
    await phone.expects(/You now receive MSFT updates here/)
    await phone.sends('ＳＴＯＰ')
    await phone.expects(/You will not receive any more messages/)
  })

  test.concurrent('two robots do not talk for ever: ten answers, then silence; STOP is still confirmed', async () => {
    const phone = simulator.phone('sms')
    for (let turn = 0; turn < 15; turn += 1) await phone.sends(turn % 2 ? 'hello' : 'HELP')
    for (let turn = 0; turn < 10; turn += 1) await phone.expects(/Send us a message/)
    await phone.expectsNothing(1_500)
    await phone.sends('STOP')
    await phone.expects(/You will not receive any more messages/)
  })
})

function push(value: unknown): Promise<Response> {
  return api.ask('POST', '/api/feeds/news/updates', { value })
}

describe('an update pushed into a topic', () => {
  test.concurrent('reaches its subscribers on every channel, literally; the newest counts', async () => {
    const phones = [simulator.phone('sms'), simulator.phone('messenger'), simulator.phone('viber_service')]
    for (const phone of phones) {
      await phone.sends('news please')
      await phone.expects(/You now receive NEWS updates here/)
    }
    const value = `Rates held at 4 % {topic} $& – ${phones[0]?.address}`
    expect((await push(value)).status).toBe(202)
    // As the feed's options say, where the channel knows them.
    const treated = [{ ttl: 300 }, { channel: 'messenger' }, { viber_service: { ttl: 300 } }]
    for (const [index, phone] of phones.entries()) {
      const update = await phone.expects('Rates held')
      expect(update.text).toBe(`NEWS ${value}`)
      expect(await simulator.requestOf(update)).toMatchObject(treated[index] ?? {})
    }
    const newcomer = simulator.phone('sms')
    await newcomer.sends('NEWS')
    expect((await newcomer.expects(/You now receive NEWS/)).text).toContain('Current value:')
  })

  test.concurrent('is refused with the field that is wrong', async () => {
    const answer = await push('')
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toMatchObject({ errors: [{ field: 'value' }] })
  })
})

test.concurrent('sends that fail in every way: 429, 500 and 503 arrive late but once, a lost answer is not repeated', async () => {
  const phone = simulator.phone('whatsapp')
  await simulator.breaks({ target: 'send', kind: 'status', status: 429, retryAfter: 1, address: phone.address })
  await simulator.breaks({ target: 'send', kind: 'status', status: 503, address: phone.address })
  await simulator.breaks({ target: 'send', kind: 'status', status: 500, address: phone.address })
  await phone.sends('hello')
  await phone.expects(/Send us a message/)
  await simulator.breaks({ target: 'send', kind: 'accept-then-drop', address: phone.address })
  await phone.sends('INFO')
  await phone.expects(/Send us a message/)
  await phone.expectsNothing(3_000)
})
