import { beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { eventually } from '../support/eventually.ts'
import type { Phone } from '../support/phone.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'

/**
 * The scenario files that ship with the simulator, each against all of Switchboard. Faults are narrowed to one person
 * and switches are turned for people of our own, so that many run at once. `legacy-sms` is in sms-api.test.ts, what changes
 * the account or the clock in account.test.ts.
 */

let simulator: Simulator
let api: SwitchboardApi
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  api = createSwitchboardApi(inject('stack'))
})

const accepted = z.object({ id: z.string() })

async function notify(phone: Phone): Promise<string> {
  const { channel, address: to } = phone
  return accepted.parse(await api.post('/api/notifications', { to, channel, template: 'delivery' })).id
}

function shows(path: string, expected: object): Promise<void> {
  return eventually(async () => expect(await api.get(path)).toMatchObject(expected))
}

interface Member {
  name: string
  phones: Phone[]
  finalWaitSeconds?: number
  expirySeconds?: number
  condition?: 'read' | 'delivered'
}

async function alert(members: Member[], extra: object = {}): Promise<string> {
  const users = members.map(({ name, phones, finalWaitSeconds = 600, expirySeconds = 600, condition = 'read' }) => ({
    name,
    final_wait: finalWaitSeconds,
    channels: phones.map(({ channel, address }) => ({
      type: channel,
      id_num: address,
      expiry_time: expirySeconds,
      condition_status: condition,
    })),
  }))
  return accepted.parse(await api.post('/api/alerts', { text: 'Main server down', users, ...extra })).id
}

/** Somebody who has written to us on each channel: free text may come back. */
async function whoWrote(...channels: Phone['channel'][]): Promise<Phone[]> {
  const number = newAddress('sms')
  const phones = channels.map((channel) =>
    simulator.phone(channel, channel === 'messenger' ? newAddress(channel) : number),
  )
  for (const phone of phones) {
    await phone.sends('hello')
    await phone.expects(/Send us a message/)
  }
  return phones
}

test.concurrent.for([
  ['busy', 'three answers 429'],
  ['outage', 'answers 503'],
  ['error-rate', 'one in ten 500'],
  ['slow', 'two seconds for every answer'],
  ['lost-answer', 'accepted, but the connection breaks'],
  ['hanging', 'accepted, and answered after a minute'],
] as const)('%s: %s, and the message is there once', async ([name]) => {
  const phone = simulator.phone('sms')
  // The fifth 503 is followed by a wait of half a minute, the third by one of seconds.
  await simulator.loads(name, { faultsFor: phone.address, ...(name === 'outage' ? { times: 3 } : {}) })
  const id = await notify(phone)
  await phone.expects(/Your delivery/)
  // Also where the answer was lost, the statuses tell what became of it.
  await shows(`/api/notifications/${id}`, { message: { state: 'delivered' } })
  // Longer than a request may take: somebody who would send it again has done so by then.
  await phone.expectsNothing(name === 'hanging' ? 14_000 : 3_000)
})

test.concurrent('messy-webhooks: twice, late and in the wrong order, each choice is confirmed once', async () => {
  const phones = [1, 2, 3, 4].map(() => simulator.phone('sms'))
  for (const phone of phones) await simulator.loads('messy-webhooks', { faultsFor: phone.address })
  const ids = await Promise.all(phones.map(notify))
  await Promise.all(
    phones.map(async (phone, index) => {
      await phone.expects(/Your delivery/)
      await phone.sends('2')
      await phone.expects('picking option 2')
      await shows(`/api/notifications/${ids[index]}`, {
        state: 'answered',
        choice: { option: '2' },
        message: { state: 'delivered' },
        replies: [{ outcome: 'choice' }],
      })
      await phone.expectsNothing(4_000)
    }),
  )
})

test.concurrent('forged-webhooks: the forgeries have no effect, what follows has', async () => {
  const phone = simulator.phone('sms')
  await simulator.loads('forged-webhooks', { faultsFor: phone.address })
  const ids: string[] = []
  for (const text of ['MSFT', 'GOOGL', 'NEWS', 'STOP', 'hello']) ids.push(await phone.sends(text))
  await phone.expects(/Send us a message|You will not receive/)
  // Without a signature Vonage shall try again: it may be switched off by mistake. A day old is what a retry may be.
  await eventually(async () => {
    const answers = await Promise.all(ids.map(async (id) => (await simulator.log(id))[0]?.attempts[0]?.status))
    expect(answers).toEqual([503, 401, 401, 200, 200])
  })
  await phone.expectsNothing(500, /GOOGL updates|NEWS updates/)
})

test.concurrent('lost-statuses: the walk does not wait for news that never comes', async () => {
  const [first, second] = [simulator.phone('sms'), simulator.phone('sms')]
  await simulator.loads('lost-statuses', { faultsFor: first.address })
  const id = await alert([{ name: 'Tony', phones: [first, second], condition: 'delivered', expirySeconds: 2 }])
  await first.expects('Main server down')
  await second.expects('Main server down')
  await first.sends('I have it')
  await shows(`/api/alerts/${id}`, {
    state: 'attended',
    attendedBy: { how: 'reply' },
    timeline: expect.arrayContaining([expect.objectContaining({ event: 'deadline', user: 'Tony' })]),
  })
})

test.concurrent('nobody-reachable: every channel is rejected, and the walk ends at once', async () => {
  const members = ['Tony', 'Michael'].map((name) => ({
    name,
    phones: [simulator.phone('sms'), simulator.phone('sms')],
  }))
  const addresses = members.flatMap(({ phones }) => phones.map(({ address }) => address))
  await simulator.loads('nobody-reachable', { switchesFor: addresses })
  const id = await alert(members, { final_wait: 600 })
  await shows(`/api/alerts/${id}`, { state: 'exhausted' })
  const { timeline } = Object(await api.get(`/api/alerts/${id}`))
  const failed = timeline.filter(({ event }: { event: string }) => event === 'failed')
  expect(failed).toHaveLength(4)
})

test.concurrent('phones-off: the deadline passes, the next person reads it; the late message says nothing new', async () => {
  const [tonys, michaels] = await Promise.all([whoWrote('messenger', 'sms'), whoWrote('whatsapp', 'sms')])
  await simulator.loads('phones-off', { switchesFor: tonys.map(({ address }) => address) })
  const id = await alert([
    { name: 'Tony', phones: tonys, expirySeconds: 1, finalWaitSeconds: 1 },
    { name: 'Michael', phones: michaels },
  ])
  await michaels[0]!.expects('Main server down')
  await michaels[0]!.reads()
  await shows(`/api/alerts/${id}`, { state: 'attended', attendedBy: { user: 'Michael', how: 'read' } })
  await tonys[0]!.turns({ power: true })
  await tonys[0]!.expects('Main server down')
  await tonys[0]!.reads()
  await shows(`/api/alerts/${id}`, { state: 'attended', attendedBy: { user: 'Michael' } })
})

test.concurrent('provider-outage: WhatsApp cannot deliver, SMS follows long before the deadline', async () => {
  const [whatsapp, sms] = await whoWrote('whatsapp', 'sms')
  await simulator.loads('provider-outage', { faultsFor: whatsapp!.address })
  const id = await alert([{ name: 'Tony', phones: [whatsapp!, sms!] }])
  await sms!.expects('Main server down')
  await sms!.sends('mine')
  await shows(`/api/alerts/${id}`, { state: 'attended', attendedBy: { channel: 'sms', how: 'reply' } })
})

test('each of the files is here', async () => {
  const names = (await simulator.scenarios()).map(({ name }) => name)
  const tested =
    'busy error-rate fast-forward forged-webhooks hanging legacy-sms lost-answer lost-statuses messy-webhooks'
  const others = 'new-account no-credit nobody-reachable open-windows outage phones-off provider-outage slow'
  expect(names).toEqual(`${tested} ${others}`.split(' '))
})
