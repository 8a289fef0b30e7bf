import { setTimeout as delay } from 'node:timers/promises'

import { beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { eventually } from '../support/eventually.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'

const accepted = z.object({ id: z.string(), warnings: z.array(z.object({ field: z.string() })) })
const notification = z.looseObject({
  state: z.string(),
  text: z.string(),
  choice: z.object({ option: z.string(), meaning: z.string(), reply: z.string().nullable() }).nullable(),
  needsPerson: z.boolean(),
  supersededBy: z.string().nullable(),
  warnings: z.array(z.string()),
  message: z.object({ state: z.string(), reason: z.string().nullable() }).nullable(),
  replies: z.array(z.looseObject({ text: z.string().nullable(), outcome: z.string() })),
})

let simulator: Simulator
let api: SwitchboardApi
beforeAll(() => {
  const stack = inject('stack')
  simulator = connectSimulator(stack.simulator)
  api = createSwitchboardApi(stack)
})

async function notify(to: string, body: object = {}): Promise<string> {
  return accepted.parse(await api.post('/api/notifications', { to, template: 'delivery', ...body })).id
}

/** The notification once it looks like this. */
function shows(id: string, expected: object): Promise<z.infer<typeof notification>> {
  return eventually(async () => {
    const found = notification.parse(await api.get(`/api/notifications/${id}`))
    expect(found).toMatchObject(expected)
    return found
  })
}

describe.concurrent('a delivery notification', () => {
  test.for(['1', ' 1. ', 'option 1', '１', '1️⃣', '1 please', 'Tomorrow'])('%j chooses tomorrow', async (reply) => {
    const phone = simulator.phone('sms')
    const id = await notify(`+${phone.address}`)
    await phone.expects(
      /Your delivery is scheduled .* reply 1 \(tomorrow\), 2 \(Thursday\) or 3 \(deliver to post office\)/,
    )
    await shows(id, { state: 'open', message: { state: 'delivered' } })
    await phone.sends(reply)
    await phone.expects('Thank you for picking option 1. Your delivery is now fully scheduled in.')
    await shows(id, { state: 'answered', choice: { option: '1', meaning: 'tomorrow', reply } })
    await phone.expectsNothing(500)
  })

  test.for(['whatsapp', 'messenger'] as const)('works on %s as well', async (channel) => {
    const phone = simulator.phone(channel)
    await phone.sends('hello')
    await phone.expects(/MSFT/)
    const id = await notify(phone.address, { channel })
    await phone.expects(/Your delivery is scheduled/)
    await phone.sends('thursday')
    await phone.expects('picking option 2')
    await shows(id, { choice: { option: '2', meaning: 'Thursday' } })
  })

  test('a second valid reply changes the choice and is confirmed again', async () => {
    const phone = simulator.phone('sms')
    const id = await notify(phone.address)
    await phone.expects(/Your delivery/)
    await phone.sends('1')
    await phone.expects('picking option 1')
    await phone.sends('3')
    await phone.expects('picking option 3')
    const { replies } = await shows(id, { choice: { option: '3' } })
    expect(replies.map(({ outcome }) => outcome)).toEqual(['choice', 'choice'])
  })

  test('an invalid reply is asked again three times, then a person takes over', async () => {
    const phone = simulator.phone('sms')
    const id = await notify(phone.address)
    await phone.expects(/Your delivery/)
    for (const words of ['what?', '4', 'the day after']) {
      await phone.sends(words)
      await phone.expects('Please reply 1 (tomorrow), 2 (Thursday) or 3 (deliver to post office).')
    }
    await phone.sends('hm')
    await phone.expects('passed your message on to a person')
    await phone.sends('still there?')
    await phone.expectsNothing(800)
    const { replies } = await shows(id, { needsPerson: true, replies: expect.objectContaining({ length: 5 }) })
    expect(replies.map(({ outcome }) => outcome)).toEqual(['invalid', 'invalid', 'invalid', 'handed-over', 'noted'])
    const followUps = JSON.stringify(await api.get('/api/follow-ups?limit=100'))
    expect(followUps).toContain(id)
    expect(await api.get(`/api/notifications?needsPerson=true&to=${phone.address}`)).toMatchObject({
      notifications: [{ id }],
    })
  })

  test('a choice after the deadline is told once that it is too late', async () => {
    const phone = simulator.phone('sms')
    const id = await notify(phone.address, { template: 'brief' })
    await phone.expects(/Reply A/)
    await shows(id, { state: 'expired' })
    // The provider's clock has seconds, and a reply of the second of the deadline is in time.
    await delay(1_100)
    await phone.sends('A')
    await phone.expects('the time to choose has passed')
    await phone.sends('B')
    await phone.expects(/MSFT/)
    const { choice } = await shows(id, { state: 'expired' })
    expect(choice).toBeNull()
  })

  test('a newer notification replaces the open one', async () => {
    const phone = simulator.phone('sms')
    const first = await notify(phone.address)
    await phone.expects(/Your delivery/)
    const second = await notify(phone.address, { template: 'parcel', variables: { name: 'Ada' } })
    await phone.expects('Hello Ada, your parcel comes at noon.')
    await phone.sends('2')
    await phone.expects('Thank you for picking option 2. Your answer was to: "Hello Ada, your parcel comes at noon.')
    await shows(first, { state: 'superseded', supersededBy: second, choice: null })
    await shows(second, { state: 'answered', choice: { option: '2', meaning: 'later' } })
  })

  test('of two open questions the person hears which one was answered', async () => {
    const phone = simulator.phone('sms')
    const first = await notify(phone.address)
    await phone.expects(/Your delivery/)
    const second = await notify(phone.address, { template: 'parcel', variables: { name: 'Ada' } })
    await phone.expects('Hello Ada, your parcel comes at noon.')
    await phone.sends('3')
    await phone.expects(/picking option 3.* Your answer was to: "Your delivery is scheduled/)
    await shows(first, { state: 'answered', choice: { meaning: 'deliver to post office' } })
    await phone.sends('2')
    await phone.expects(/^Thank you for picking option 2\.$/)
    await shows(second, { state: 'answered', choice: { meaning: 'later' } })
  })

  test.for([
    ['sms', { ttl: 600 }],
    ['messenger', { messenger: { category: 'message_tag', tag: 'CONFIRMED_EVENT_UPDATE' } }],
  ] as const)('on %s the question goes out as its options say', async ([channel, expected]) => {
    const phone = simulator.phone(channel)
    await phone.sends('hello')
    await phone.expects(/Send us a message/)
    const id = await notify(phone.address, { channel, template: 'parcel', variables: { name: 'Ada' } })
    const question = await phone.expects('Hello Ada, your parcel comes at noon.')
    expect(await simulator.requestOf(question)).toMatchObject(expected)
    await phone.sends('1')
    await phone.expects('picking option 1')
    await shows(id, { state: 'answered' })
  })

  test('with a tag a question goes out on Messenger outside the window as well', async () => {
    const phone = simulator.phone('messenger')
    const parcel = { channel: 'messenger', template: 'parcel', variables: { name: 'Ada' } }
    const without = await notify(phone.address, { channel: 'messenger' })
    await shows(without, { message: { state: 'suppressed', reason: 'outside-window' } })
    // Who never wrote cannot be reached at all: that is Messenger's answer, not ours.
    await shows(await notify(phone.address, parcel), {
      message: { state: 'rejected', reason: expect.stringContaining('response window') },
    })
  })

  test('STOP in the middle of a question ends it; a choice still counts, unconfirmed', async () => {
    const phone = simulator.phone('sms')
    const id = await notify(phone.address)
    await phone.expects(/Your delivery/)
    await phone.sends('STOP')
    await phone.expects(/You will not receive any more messages/)
    await phone.sends('perhaps')
    await phone.sends('2')
    await shows(id, { choice: { option: '2' } })
    await phone.expectsNothing(800)
    const refused = await notify(phone.address)
    await shows(refused, { state: 'failed', message: { state: 'suppressed', reason: 'opted-out' } })
    await phone.expectsNothing(500)
  })

  test('the same webhook twice confirms once', async () => {
    const phone = simulator.phone('sms')
    await notify(phone.address)
    await phone.expects(/Your delivery/)
    const messageUuid = await phone.sends('1')
    await phone.sends('1', { messageUuid })
    await phone.expects('picking option 1')
    await phone.expectsNothing(1_000)
  })

  test('on WhatsApp the options are buttons; pressing one chooses, an older question’s as well', async () => {
    const phone = simulator.phone('whatsapp')
    await phone.sends('hello')
    await phone.expects(/Send us a message/)
    const asked = await notify(phone.address, { channel: 'whatsapp' })
    const question = await phone.expects(/Your delivery/)
    expect(question.buttons).toMatchObject([{ value: '1' }, { value: '2', title: 'Thursday' }, { value: '3' }])
    const newer = await notify(phone.address, { channel: 'whatsapp', template: 'parcel', variables: { name: 'Bob' } })
    await phone.expects(/Hello Bob/)
    await phone.presses(question, 'Thursday')
    await phone.expects('picking option 2')
    await shows(asked, { choice: { meaning: 'Thursday' } })
    await shows(newer, { choice: null })
  })

  test('two people on one number never mix channels', async () => {
    const number = newAddress('sms')
    const [sms, whatsapp] = [simulator.phone('sms', number), simulator.phone('whatsapp', number)]
    await whatsapp.sends('hello')
    await whatsapp.expects(/Send us a message/)
    const asked = await notify(number)
    const other = await notify(number, { channel: 'whatsapp', template: 'parcel', variables: { name: 'Bob' } })
    await sms.expects(/Your delivery/)
    await whatsapp.expects(/Hello Bob/)
    await sms.sends('3')
    await sms.expects('picking option 3')
    await whatsapp.sends('2')
    await whatsapp.expects('picking option 2')
    await shows(asked, { choice: { meaning: 'deliver to post office' } })
    await shows(other, { choice: { meaning: 'later' } })
    await Promise.all([sms.expectsNothing(500), whatsapp.expectsNothing(500)])
  })

  test('a robot that answers every message is cut off', async () => {
    const phone = simulator.phone('sms')
    await notify(phone.address)
    await phone.expects(/Your delivery/)
    for (let count = 0; count < 10; count += 1) {
      await phone.sends('1')
      await phone.expects('picking option 1')
    }
    for (let count = 0; count < 3; count += 1) await phone.sends('1')
    await phone.expectsNothing(1_500)
  })

  test('a message that fails shows on the notification, with the reason', async () => {
    const phone = simulator.phone('sms')
    await phone.turns({ roaming: true })
    const id = await notify(phone.address)
    await shows(id, { state: 'failed', message: { state: 'rejected', reason: expect.stringMatching(/\w/) } })
  })

  test('on WhatsApp outside the window its template is sent, with the variables', async () => {
    const phone = simulator.phone('whatsapp')
    await notify(phone.address, { channel: 'whatsapp', template: 'parcel', variables: { name: 'Eve' } })
    const [request] = await eventually(async () => {
      const bodies = (await simulator.log())
        .map((entry) => JSON.stringify(entry))
        .filter((entry) => entry.includes('shop:parcel') && entry.includes(phone.address))
      expect(bodies).not.toEqual([])
      return bodies
    })
    expect(request).toContain('en_GB')
    expect(request).toContain('Hello Eve, your parcel comes at noon.')
    await phone.sends('1')
    await phone.expects('picking option 1')
  })

  test('on WhatsApp without a template it fails and says why', async () => {
    const phone = simulator.phone('whatsapp')
    const id = await notify(phone.address, { channel: 'whatsapp' })
    await shows(id, { state: 'failed', message: { state: 'suppressed', reason: 'outside-window' } })
  })
})

describe('the API', () => {
  test('an Idempotency-Key used twice is one notification', async () => {
    const phone = simulator.phone('sms')
    const headers = { 'idempotency-key': `key-${phone.address}` }
    const body = { to: phone.address, template: 'delivery' }
    const [first, second] = [
      accepted.parse(await api.post('/api/notifications', body, headers)),
      accepted.parse(await api.post('/api/notifications', body, headers)),
    ]
    expect(second.id).toBe(first.id)
    await phone.expects(/Your delivery/)
    await phone.expectsNothing(600)
  })

  test('takes numbers as people write them and warns about those that are not in use', async () => {
    const answer = accepted.parse(
      await api.post('/api/notifications', { number: '07700 900456', template: 'delivery' }),
    )
    expect(answer.warnings).toEqual([{ field: 'to' }].map((each) => expect.objectContaining(each)))
    const phone = simulator.phone('sms', '447700900456')
    await phone.expects(/Your delivery/)
    await shows(answer.id, { to: '447700900456', warnings: [expect.stringContaining('numbering plan')] })
  })

  test.for([
    [{ to: 'nobody', template: 'delivery' }, 'to'],
    [{ to: '447700900456', template: 'unknown' }, 'template'],
    [{ to: '447700900456' }, 'template'],
    [{ to: '447700900456', template: 'parcel' }, 'variables.name'],
    [{ template: 'delivery' }, 'to'],
    [{ to: 'x y', channel: 'messenger', template: 'delivery' }, 'to'],
  ] as const)('names what is wrong with %j', async ([body, field]) => {
    const response = await api.ask('POST', '/api/notifications', body)
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({ errors: [expect.objectContaining({ field })] })
  })

  test('lists by filter and as CSV, with formulas made harmless', async () => {
    const phone = simulator.phone('sms')
    const id = await notify(phone.address)
    await phone.expects(/Your delivery/)
    await phone.sends('=2')
    await phone.expects('picking option 2')
    await shows(id, { state: 'answered' })
    expect(await api.get(`/api/notifications?state=answered&option=2&to=${phone.address}`)).toMatchObject({
      notifications: [{ id }],
    })
    expect(await api.get(`/api/notifications?state=open&to=${phone.address}`)).toMatchObject({ notifications: [] })
    const csv = String(await api.get(`/api/notifications?format=csv&to=${phone.address}`))
    const [header, row] = csv.trim().split('\r\n')
    expect(header).toMatch(/^id,template,channel,to,state,option/)
    expect(row).toContain(`${id},delivery,sms,${phone.address},answered,2,Thursday,'=2`)
  })

  test('wants a token', async () => {
    const { ingress } = inject('stack')
    for (const path of ['/api/notifications', '/api/consent', '/api/follow-ups']) {
      expect((await fetch(`${ingress}${path}`)).status).toBe(401)
    }
  })
})
