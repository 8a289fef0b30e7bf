import type { Role } from '@switchboard/contracts'
import { createFollowUps } from '@switchboard/store'
import type { FollowUp } from '@switchboard/store'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'
import { givenAccount } from '../support/given-account.ts'

let service: ConsoleService
let ada: ConsoleClient
let bob: ConsoleClient
beforeAll(async () => {
  service = await startConsoleService()
  const logIn = async (name: string, role: Role) => {
    const { password } = await givenAccount(service.redis.client, name, role)
    return connectConsole(service.url, password, name)
  }
  ada = await logIn('ada', 'responder')
  bob = await logIn('bob', 'responder')
  await givenAccount(service.redis.client, 'eve', 'viewer')
})
afterAll(() => service[Symbol.asyncDispose]())

let created = 0
const store = () => createFollowUps(service.redis.client)

async function given(): Promise<FollowUp> {
  created += 1
  const contact = { channel: 'sms', address: `4477009001${String(created).padStart(2, '0')}` } as const
  const followUp = {
    id: `follow-${created}`,
    kind: 'opt-out-wish',
    contact,
    text: 'stop it',
    createdAt: Date.now(),
  } as const
  await store().add(followUp)
  return followUp
}

const assign = (client: ConsoleClient, id: string, from: string, to: string) =>
  client.post(`/follow-ups/${id}/assign`, { from, to })
const holderOf = async (id: string) => (await store().get(id))?.assignee?.name
const inboxOf = async (client: ConsoleClient, whose: string) =>
  (await client.get(`/notifications?whose=${whose}`)).text()

test('of two who take it at once one has it, and the other is told who', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { id } = await given()
    const answers = await Promise.all([assign(ada, id, '', 'ada'), assign(bob, id, '', 'bob')])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
    const holder = await holderOf(id)
    expect(answers[0]?.status).toBe(holder === 'ada' ? 303 : 409)
    expect(await answers.find(({ status }) => status === 409)?.text()).toContain(`${holder} has taken it`)
  }
})

test('is shown to each as theirs, somebody’s or nobody’s, also on the person’s page', async () => {
  const { id, contact } = await given()
  const isShown = async (client: ConsoleClient, whose: string) =>
    (await inboxOf(client, whose)).includes(contact.address)
  expect(await isShown(bob, 'nobody')).toBe(true)
  await assign(ada, id, '', 'bob')
  expect([await isShown(bob, 'nobody'), await isShown(bob, 'mine')]).toEqual([false, true])
  expect([await isShown(ada, 'mine'), await isShown(ada, 'all')]).toEqual([false, true])
  expect(await (await ada.get(`/people/tel.${contact.address}`)).text()).toContain('bob sees to it')
  expect((await assign(bob, id, 'bob', '')).status).toBe(303)
  expect(await isShown(ada, 'nobody')).toBe(true)
})

test('goes to nobody who may not deal with it, or is not there', async () => {
  const { id } = await given()
  for (const name of ['eve', 'nobody-at-all']) expect((await assign(ada, id, '', name)).status).toBe(422)
  expect(await holderOf(id)).toBeUndefined()
})

test('what somebody has is dealt with by nobody else; what is done is done once', async () => {
  const { id } = await given()
  await assign(ada, id, '', 'ada')
  const refused = await bob.post(`/follow-ups/${id}/answer`, { text: 'Hello' })
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('ada has taken it')])
  expect((await assign(bob, id, 'ada', 'bob')).status).toBe(303)
  expect((await bob.post(`/follow-ups/${id}/answer`, { text: 'Hello' })).status).toBe(303)
  const late = await ada.post(`/follow-ups/${id}/answer`, { text: 'Hello from me' })
  expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('bob has dealt with it')])
  await eventually(async () => {
    const trail = await (await ada.get('/audit')).text()
    expect(trail).toContain('follow-up.assign')
    expect(trail.split('follow-up.answer').length).toBe(2)
  })
})

test('who asked in their own words is opted out, once, and it is in the trail', async () => {
  const { id, contact } = await given()
  const answers = await Promise.all([
    ada.post(`/follow-ups/${id}/opt-out`, {}),
    bob.post(`/follow-ups/${id}/opt-out`, {}),
  ])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
  const person = await (await ada.get(`/people/tel.${contact.address}`)).text()
  expect(person.split('<strong>opted out</strong>').length).toBe(2)
  expect(await inboxOf(ada, 'all')).not.toContain(contact.address)
  await eventually(async () => expect(await (await ada.get('/audit')).text()).toContain('consent.out'))
})

test('of two who answer what nobody has at once, one answers', async () => {
  const { id, contact } = await given()
  const answers = await Promise.all([
    ada.post(`/follow-ups/${id}/answer`, { text: 'From Ada' }),
    bob.post(`/follow-ups/${id}/answer`, { text: 'From Bob' }),
  ])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
  expect(await inboxOf(ada, 'all')).not.toContain(contact.address)
})
