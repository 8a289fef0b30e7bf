import { beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { eventually } from '../support/eventually.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'

const listed = z.object({ followUps: z.array(z.looseObject({ id: z.string(), contact: z.looseObject({}) })) })

let simulator: Simulator
let api: SwitchboardApi
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  api = createSwitchboardApi(inject('stack'))
})

test.concurrent('consent says who, when, by what words, where from; STOP on one phone channel counts on all', async () => {
  const number = newAddress('sms')
  const [sms, whatsapp] = [simulator.phone('sms', number), simulator.phone('whatsapp', number)]
  await whatsapp.sends('Stop.')
  await whatsapp.expects(/You will not receive any more messages/)
  await sms.sends('hello')
  await sms.expectsNothing(800)
  await sms.sends('START')
  await sms.expects(/Welcome back/)
  expect(await api.get(`/api/consent?address=${number}`)).toMatchObject({
    people: [
      {
        person: `tel.${number}`,
        state: 'in',
        history: [
          { state: 'out', words: 'Stop.', channel: 'whatsapp', source: 'text' },
          { state: 'in', words: 'START', channel: 'sms', source: 'text' },
        ],
      },
    ],
  })
  const csv = String(await api.get(`/api/consent?address=${number}&format=csv`))
  expect(csv).toMatch(/^person,state,at,received_at,channel,source,words,cause,is_current\r\n/)
  expect(csv).toMatch(new RegExp(`tel.${number},out,[^\r]+,whatsapp,text,Stop.,[^,]+,no\r\n`))
  expect(String(await api.get('/api/consent?format=csv&state=in'))).toContain(number)
})

test.concurrent('words that sound like an opt-out are answered with how to stop, and marked for a person', async () => {
  const phone = simulator.phone('sms')
  await phone.sends('MSFT')
  await phone.expects(/You now receive MSFT/)
  await phone.sends('please stop texting me')
  await phone.expects(/To end all messages from us, reply STOP/)
  const { followUps } = listed.parse(await api.get('/api/follow-ups?limit=100'))
  const mine = followUps.filter(({ contact }) => JSON.stringify(contact).includes(phone.address))
  expect(mine).toMatchObject([{ kind: 'opt-out-wish', text: 'please stop texting me' }])
  await api.post(`/api/follow-ups/${mine[0]?.id}/done`, {})
  expect(JSON.stringify(await api.get('/api/follow-ups?limit=100'))).not.toContain(phone.address)
  await phone.sends('STOP')
})

test.concurrent('an opt-out that the carrier knows of ends consent', async () => {
  const phone = simulator.phone('sms')
  await simulator.breaks({ target: 'send', kind: 'outcome', outcome: 'rejected', code: 1240, address: phone.address })
  await phone.sends('hello')
  await eventually(async () =>
    expect(await api.get(`/api/consent?address=${phone.address}`)).toMatchObject({
      people: [{ state: 'out', history: [{ source: 'provider' }] }],
    }),
  )
  await phone.skips()
  await phone.sends('hello again')
  await phone.expectsNothing(800)
})

test.concurrent('quiet hours hold the updates of a feed, and only those', async () => {
  const phone = simulator.phone('sms')
  await phone.sends('NIGHT')
  await phone.expects(/You now receive NIGHT/)
  await api.post('/api/feeds/NIGHT/updates', { value: 'first' })
  await api.post('/api/feeds/NIGHT/updates', { value: 'second' })
  await phone.expectsNothing(1_200)
  await api.post('/api/notifications', { to: phone.address, template: 'delivery' })
  await phone.expects(/Your delivery/)
})

test.concurrent('erasing a person leaves nothing but the hashed opt-out', async () => {
  const phone = simulator.phone('sms')
  const { address } = phone
  await phone.sends('MSFT')
  await phone.expects(/^MSFT \d+/)
  await api.post('/api/notifications', { to: address, template: 'delivery' })
  await phone.expects(/Your delivery/)
  await phone.sends('STOP')
  await phone.expects(/You will not receive any more messages/)
  await api.delete(`/api/contacts/%2B${address}`)
  await eventually(async () => {
    expect(await api.get(`/api/consent?address=${address}`)).toMatchObject({ people: [] })
    expect(await api.get(`/api/notifications?to=${address}`)).toMatchObject({ notifications: [] })
    expect(JSON.stringify(await api.get('/api/subscriptions?topic=MSFT'))).not.toContain(address)
  })
  // Still opted out, though nobody knows who that is.
  await phone.sends('hello')
  await phone.expectsNothing(1_000)
  await phone.sends('START')
  await phone.expects(/Welcome back/)
})

test('what cannot be an address is not erased', async () => {
  expect((await api.ask('DELETE', '/api/contacts/%20')).status).toBe(422)
  expect((await api.ask('DELETE', '/api/contacts/12?channel=sms')).status).toBe(422)
})
