import { beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { createAlertClient } from '../support/alert-client.ts'
import type { AlertClient } from '../support/alert-client.ts'
import { eventually } from '../support/eventually.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'

let simulator: Simulator
let alerts: AlertClient
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  alerts = createAlertClient(inject('stack'))
})

describe('the API', () => {
  test.concurrent('acknowledges for whom it names, and cancels', async () => {
    const { people, tony } = wellKnown()
    const [seen, dropped] = [await alerts.start(people, 'seen'), await alerts.start(people, 'dropped')]
    await tony.sms.expects('seen')
    await alerts.until(seen, 'Tony/sms')
    await alerts.post(`/api/alerts/${seen}/acknowledge`, { by: 'Ann' })
    expect((await alerts.until(seen, 'attended')).attendedBy).toMatchObject({ user: 'Ann', how: 'api' })
    await alerts.until(dropped, 'Tony/sms')
    await alerts.delete(`/api/alerts/${dropped}`)
    await alerts.until(dropped, 'cancelled')
    expect((await alerts.ask('POST', '/api/alerts/alert-unknown/acknowledge')).status).toBe(404)
  })

  test.concurrent('shows and cancels one in the same breath as it was started', async () => {
    const { people } = wellKnown()
    const ids = await Promise.all(['one', 'two', 'three'].map((text) => alerts.start(people, text)))
    for (const id of ids) expect(await alerts.get(`/api/alerts/${id}`)).toMatchObject({ id, state: 'walking' })
    await Promise.all(ids.map((id) => alerts.delete(`/api/alerts/${id}`)))
    for (const id of ids) await alerts.until(id, 'cancelled')
  })

  test.concurrent('takes the code that people see for the id, also after the end', async () => {
    const { people } = wellKnown()
    const id = await alerts.start(people, 'by its code')
    const { code } = await alerts.until(id, 'Tony/sms')
    expect(await alerts.get(`/api/alerts/${code.toLowerCase()}`)).toMatchObject({ id, code })
    expect(await alerts.post(`/api/alerts/${code}/acknowledge`, { by: 'Ann' })).toEqual({ id, outcome: 'taken' })
    await alerts.until(code, 'attended')
    expect(await alerts.delete(`/api/alerts/${code}`)).toEqual({ id })
    expect((await alerts.ask('GET', '/api/alerts/A0')).status).toBe(404)
  })

  test.concurrent('starts one alert for one Idempotency-Key, and refuses the key for another', async () => {
    const { people, tony } = wellKnown()
    const headers = { 'idempotency-key': newAddress('sms') }
    const body = (text: string) => ({ policy: undefined, users: toUsers(people), text })
    const [first, second] = await Promise.all([1, 2].map(() => alerts.post('/api/alerts', body('once'), headers)))
    expect(first).toEqual(second)
    await tony.sms.expects('once')
    await tony.sms.expectsNothing(1_000)
    expect((await alerts.ask('POST', '/api/alerts', body('twice'), headers)).status).toBe(422)
  })

  test.concurrent('lists what is open', async () => {
    const { people } = wellKnown()
    const id = await alerts.start(people, 'to be listed')
    await alerts.until(id, 'Tony/sms')
    const listed = async (state: string) => JSON.stringify(await alerts.get(`/api/alerts?state=${state}&limit=100`))
    expect(await listed('open')).toContain(id)
    await alerts.delete(`/api/alerts/${id}`)
    await alerts.until(id, 'cancelled')
    await eventually(async () => expect(await listed('open')).not.toContain(id))
    expect(await listed('all')).toContain(id)
  })

  test.concurrent('refuses bad input with the path of every field at once', async () => {
    const sms = { type: 'sms', id_num: '447700900011' }
    const response = await alerts.ask('POST', '/api/alerts', {
      text: ' ',
      users: [
        { name: 'Tony', channels: [sms] },
        {
          name: 'Michael',
          channels: [
            { ...sms, expiry_time: 'soon' },
            { ...sms, condition_status: 'seen' },
          ],
        },
        {
          name: 'tony',
          channels: [
            { type: 'fax', id_num: '1' },
            { ...sms, expiry_time: 86_401, id_num: '+44' },
          ],
        },
      ],
    })
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    const { errors } = refusal.parse(await response.json())
    expect(new Set(errors.map(({ field }) => field))).toEqual(
      new Set([
        'text',
        'users[0].channels',
        'users[1].channels[0].expiry_time',
        'users[1].channels[1].condition_status',
        'users[2].name',
        'users[2].channels[0].type',
        'users[2].channels[1].expiry_time',
        'users[2].channels[1].id_num',
      ]),
    )
  })

  test.concurrent.each([
    ['no policy of this name', { policy: 'nobody', text: 'x' }, 422],
    ['neither policy nor users', { text: 'x' }, 422],
    ['no token', undefined, 401],
  ])('refuses %s', async (_, body, status) => {
    const headers = body ? {} : { authorization: 'Bearer wrong' }
    expect((await alerts.ask('POST', '/api/alerts', body ?? {}, headers)).status).toBe(status)
  })

  test.concurrent('accepts read on SMS with a word of warning', async () => {
    const { people } = wellKnown()
    const answer = await alerts.post('/api/alerts', { users: toUsers(people), text: 'x' })
    expect(answer).toMatchObject({ warnings: [{ field: 'users[0].channels[0].condition_status' }] })
  })
})

const refusal = z.object({ errors: z.array(z.object({ field: z.string() })) })

/** Tony, who has two phones that receive SMS. */
function wellKnown() {
  const phones = [simulator.phone('sms'), simulator.phone('sms')] as const
  return { people: [{ name: 'Tony', phones: [...phones] }], tony: { sms: phones[0] } }
}

function toUsers(people: { name: string; phones: { channel: string; address: string }[] }[]) {
  return people.map(({ name, phones }) => ({
    name,
    channels: phones.map(({ channel, address }) => ({ type: channel, id_num: address })),
  }))
}
