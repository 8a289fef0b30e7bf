import { beforeAll, describe, expect, inject, test } from 'vitest'

import { createAlertClient, opensWindow } from '../support/alert-client.ts'
import type { AlertClient } from '../support/alert-client.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'

const QUIET_MS = 3_000

let simulator: Simulator
let alerts: AlertClient
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  alerts = createAlertClient(inject('stack'))
})

/** The seed's two people, on numbers of their own. */
function oncall() {
  const [tony, michael] = [newAddress('sms'), newAddress('sms')]
  return {
    tony: { messenger: simulator.phone('messenger'), sms: simulator.phone('sms', tony) },
    michael: {
      viber: simulator.phone('viber_service', michael),
      whatsapp: simulator.phone('whatsapp', michael),
      sms: simulator.phone('sms', michael),
    },
  }
}

describe('the walk', () => {
  test.concurrent('Tony does not read; Michael does on WhatsApp: nobody is contacted afterwards', async () => {
    const { tony, michael } = oncall()
    await opensWindow(tony.messenger, michael.whatsapp)
    const id = await alerts.start(
      [
        { name: 'Tony', phones: [tony.messenger, tony.sms], seconds: 2, waits: 2 },
        { name: 'Michael', phones: [michael.viber, michael.whatsapp, michael.sms], seconds: [4] },
      ],
      'db-7 is down',
      { announce: true },
    )
    await tony.messenger.expects(/^db-7 is down\nReply A\d+ to acknowledge/)
    await tony.sms.expects(/^db-7 is down\nReply A\d+ to acknowledge, or open http\S+\/a\/\S+$/)
    await michael.viber.expects(/^db-7 is down\nAcknowledge: http/)
    await michael.whatsapp.expects(/^db-7 is down/)
    await michael.whatsapp.reads()

    const { attendedBy } = await alerts.until(id, 'attended')
    expect(attendedBy).toMatchObject({ user: 'Michael', channel: 'whatsapp', how: 'read' })
    // One closing message for everybody who was contacted, where they were reached last.
    await tony.sms.expects('Michael has it: db-7 is down')
    await michael.whatsapp.expects('Michael has it: db-7 is down')
    await Promise.all(
      [michael.sms, michael.viber, tony.messenger, tony.sms].map((phone) => phone.expectsNothing(QUIET_MS)),
    )
    expect((await alerts.story(id)).filter((line) => line.startsWith('contacting'))).toEqual([
      'contacting Tony messenger',
      'contacting Tony sms',
      'contacting Michael viber_service',
      'contacting Michael whatsapp',
    ])
  })

  test.concurrent('all messages are rejected: exhausted within seconds, not after the deadlines', async () => {
    const { tony, michael } = oncall()
    await Promise.all([tony.messenger, tony.sms, michael.sms].map((phone) => phone.turns({ blocked: true })))
    await simulator.breaks({
      target: 'send',
      kind: 'outcome',
      outcome: 'undeliverable',
      address: michael.viber.address,
      times: null,
    })
    const id = await alerts.start(
      [
        { name: 'Tony', phones: [tony.messenger, tony.sms] },
        { name: 'Michael', phones: [michael.viber, michael.whatsapp, michael.sms] },
      ],
      'all lines are dead',
    )
    const { timeline } = await alerts.until(id, 'exhausted')
    expect(timeline.filter(({ event }) => event === 'failed')).toHaveLength(5)
  })

  test.concurrent('a message that is read after the walk has moved on ends it, also when the list is exhausted', async () => {
    const { michael } = oncall()
    const early = await alerts.start(
      [{ name: 'Michael', phones: [michael.viber, michael.sms], seconds: 3 }],
      'the first of two',
    )
    // A phone reads what it has.
    await michael.viber.expects('the first of two')
    await alerts.until(early, 'Michael/sms')
    await michael.viber.reads()
    expect((await alerts.until(early, 'attended')).attendedBy).toMatchObject({ channel: 'viber_service', how: 'read' })

    const exhausted = await alerts.start(
      [{ name: 'Michael', phones: [michael.viber, michael.sms], seconds: 3, waits: 1 }],
      'the second of two',
    )
    await michael.viber.expects('the second of two')
    await alerts.until(exhausted, 'exhausted')
    await michael.viber.reads()
    expect((await alerts.until(exhausted, 'attended')).attendedBy).toMatchObject({
      channel: 'viber_service',
      how: 'read',
    })
  })

  test.concurrent('a reply still counts when the list is exhausted, unless it means something else', async () => {
    const { tony, michael } = oncall()
    const people = [{ name: 'Tony', phones: [michael.sms, tony.sms], seconds: 1, waits: 1 }]
    const id = await alerts.start(people, 'nobody looked')
    await alerts.until(id, 'exhausted')
    await tony.sms.sends('HELP')
    await tony.sms.expects(/MSFT/)
    await tony.sms.sends('sorry, I have it now')
    expect((await alerts.until(id, 'attended')).attendedBy).toMatchObject({
      user: 'Tony',
      channel: 'sms',
      how: 'reply',
    })
  })

  test.concurrent('who never wrote on Messenger or WhatsApp is tried there, and passed on at the refusal', async () => {
    const { tony } = oncall()
    const whatsapp = simulator.phone('whatsapp')
    const id = await alerts.start(
      [{ name: 'Tony', phones: [tony.messenger, whatsapp, tony.sms] }],
      'nobody has written',
    )
    await tony.sms.expects('nobody has written')
    const { timeline } = await alerts.until(id, 'Tony/sms')
    const failed = timeline.filter(({ event }) => event === 'failed')
    expect(failed.map(({ channel }) => channel)).toEqual(['messenger', 'whatsapp'])
    for (const { reason } of failed) expect(reason).toMatch(/^rejected: .*response window/)
    await tony.sms.sends('mine')
    await alerts.until(id, 'attended')
  })

  test.concurrent('delivery is enough where it is the condition', async () => {
    const { tony, michael } = oncall()
    const id = await alerts.start(
      [{ name: 'Tony', phones: [tony.sms, michael.sms], condition: 'delivered' }],
      'only for the record',
    )
    expect((await alerts.until(id, 'attended')).attendedBy).toMatchObject({ channel: 'sms', how: 'delivered' })
    expect(await michael.sms.received()).toEqual([])
  })

  test.concurrent('a person who has opted out is passed over at once', async () => {
    const { tony, michael } = oncall()
    await tony.sms.sends('STOP')
    await tony.sms.expects(/will not receive any more/)
    const id = await alerts.start([{ name: 'Tony', phones: [tony.sms, michael.sms] }], 'Tony is on holiday')
    await michael.sms.expects('Tony is on holiday')
    expect(await alerts.story(id)).toContain('failed Tony sms')
    await tony.sms.expectsNothing(500)
  })

  test.concurrent('a text too long for a channel is cut, never its link', async () => {
    const { tony, michael } = oncall()
    await alerts.start([{ name: 'Tony', phones: [tony.sms, michael.sms] }], 'x'.repeat(4_000))
    const { text } = await tony.sms.expects(/^x+\.\.\.\nReply A\d+ to acknowledge, or open http\S+$/)
    expect(text.length).toBeLessThanOrEqual(1_000)
  })
})

describe('a reply', () => {
  test.concurrent('by SMS is attention, with the code or without', async () => {
    const { tony, michael } = oncall()
    for (const reply of ['I am on it', undefined]) {
      const id = await alerts.start([{ name: 'Tony', phones: [tony.sms, michael.sms] }], `alert by ${reply ?? 'code'}`)
      const { text } = await tony.sms.expects(/^alert by/)
      const [code = ''] = /A\d+/.exec(text) ?? []
      await tony.sms.sends(reply ?? code.toLowerCase())
      expect((await alerts.until(id, 'attended')).attendedBy).toMatchObject({
        user: 'Tony',
        channel: 'sms',
        how: 'reply',
      })
    }
    await tony.sms.expects(/^You have it: alert by code\nAsked before you: nobody$/)
  })

  test.concurrent('by a thumb under the very message is attention; under another message it is none', async () => {
    const { michael } = oncall()
    await michael.whatsapp.sends('hello')
    const { message_uuid: other } = await michael.whatsapp.expects(/Send us a message/)
    const id = await alerts.start([{ name: 'Michael', phones: [michael.whatsapp, michael.sms] }], 'thumbs')
    const { message_uuid: uuid } = await michael.whatsapp.expects(/^thumbs/)
    await michael.whatsapp.sends('', { reaction: { emoji: '👍', to: other } })
    await michael.whatsapp.expectsNothing(500)
    expect(await alerts.get(`/api/alerts/${id}`)).toMatchObject({ state: 'walking' })
    await michael.whatsapp.sends('', { reaction: { emoji: '👍', to: uuid } })
    expect((await alerts.until(id, 'attended')).attendedBy).toMatchObject({ channel: 'whatsapp', how: 'reply' })
  })

  test.concurrent('by its button on WhatsApp is attention, for this alert alone', async ({ expect }) => {
    const { michael } = oncall()
    await opensWindow(michael.whatsapp)
    const people = [{ name: 'Michael', phones: [michael.whatsapp, michael.sms] }]
    const [first, second] = await Promise.all([alerts.start(people, 'first'), alerts.start(people, 'second')])
    await michael.whatsapp.presses(await michael.whatsapp.expects(/^(first|second)/), 'I have it')
    await expect
      .poll(async () => {
        const found = await Promise.all([first, second].map((id) => alerts.get(`/api/alerts/${id}`)))
        return new Set(found.map((each) => String(Object(each).state)))
      })
      .toEqual(new Set(['attended', 'walking']))
  })

  test.concurrent('has a button on Viber that opens the page', async () => {
    const [viber, sms] = [simulator.phone('viber_service'), simulator.phone('sms')]
    await alerts.start([{ name: 'Michael', phones: [viber, sms] }], 'tap here')
    const { buttons } = await viber.expects(/^tap here/)
    expect(buttons).toMatchObject([{ kind: 'url', title: 'I have it' }])
    expect(await (await fetch(buttons[0]!.value)).text()).toContain('tap here')
  })

  test.concurrent('names the one it is about among several; without a name it is about all', async () => {
    const { tony, michael } = oncall()
    const people = [{ name: 'Tony', phones: [tony.sms, michael.sms] }]
    const ids = await Promise.all(['one', 'two', 'three'].map((text) => alerts.start(people, text)))
    const codes = []
    for (const id of ids) codes.push((await alerts.until(id, 'Tony/sms')).code)
    // The first by itself, the other two in one message.
    await tony.sms.expects(/^(one|two|three)/)
    await tony.sms.expects(/^2 alerts/)

    await tony.sms.sends(`ok ${codes[1]}!`)
    await alerts.until(ids[1]!, 'attended')
    await alerts.until(ids[0]!, 'Tony/sms')
    await alerts.until(ids[2]!, 'Tony/sms')
    await tony.sms.sends('looking into it')
    await alerts.until(ids[0]!, 'attended')
    await alerts.until(ids[2]!, 'attended')
    // Nothing is open any more, and nobody who answers an alert hears of feeds.
    await tony.sms.skips()
    await tony.sms.sends('looking into it')
    await tony.sms.expects(/^You have it: /)
  })
})
