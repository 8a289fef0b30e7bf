import { chainedEntry } from '@switchboard/contracts'
import { beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { createAlertClient } from '../support/alert-client.ts'
import type { AlertClient } from '../support/alert-client.ts'
import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import { sendSignup } from '../support/signup-form.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

// Whatever somebody does, by whatever way, is in the trail under who it was.
const { console: consoleUrl, consolePassword, ingress } = inject('stack')
let alerts: AlertClient
let simulator: Simulator
let reader: ConsoleClient
beforeAll(async () => {
  reader = await connectConsole(consoleUrl, consolePassword, 'Auditor')
  alerts = createAlertClient(inject('stack'))
  simulator = connectSimulator(inject('stack').simulator)
})

/** The trail as its export has it. */
async function readTrail() {
  const lines = (await (await reader.get('/audit/export?format=jsonl')).text()).trim().split('\n')
  return lines.slice(1).map((line) => chainedEntry.parse(JSON.parse(line)))
}

/** Resolves once the trail has these about something, in this order. */
async function expectTrail(target: string, wanted: object[]): Promise<void> {
  await eventually(async () => {
    const found = (await readTrail()).filter((entry) => entry.target === target)
    expect(found).toEqual(wanted.map((entry) => expect.objectContaining({ target, ...entry })))
  })
}

function oncall() {
  const [tony, spare] = [simulator.phone('sms'), simulator.phone('sms')]
  return { tony, people: [{ name: 'Tony', phones: [tony, spare] }] }
}

test.concurrent('what a program does with its token, under the name of the token', async () => {
  const name = `ci-${Date.now()}`
  const scopes = ['alerts:write']
  const { token } = z.object({ token: z.string() }).parse(await alerts.post('/api/tokens', { name, scopes }))
  const program = createSwitchboardApi({ ingress, apiToken: token })
  const { people } = oncall()
  const id = await alerts.start(people, 'disk full')
  const by = { kind: 'token', who: name, via: 'api' }
  await program.post(`/api/alerts/${id}/acknowledge`, { by: 'Ada' })
  await program.delete(`/api/alerts/${id}`)
  await expectTrail(id, [
    { kind: 'token', who: expect.stringMatching(/^API_TOKENS [0-9a-f]{6}$/), action: 'alert.start' },
    { ...by, action: 'alert.acknowledge', detail: 'as Ada, taken' },
    { ...by, action: 'alert.cancel' },
  ])
  expect((await program.ask('GET', '/api/tokens')).status).toBe(403)
  await eventually(async () => {
    const refused = (await readTrail()).filter(({ who, action }) => who === name && action === 'token.refused')
    expect(refused).toMatchObject([{ detail: 'scope' }])
  })
})

test.concurrent('a link, under the name of whose it is; sent again it is one act', async () => {
  const { tony, people } = oncall()
  const id = await alerts.start(people, 'link of Tony')
  const { text } = await tony.expects(/link of Tony/)
  const url = /http\S+\/a\/\S+/.exec(text)?.[0] ?? ''
  for (let time = 0; time < 2; time += 1) {
    await fetch(url, { method: 'POST', body: new URLSearchParams({ act: 'mine', id: 'once' }), redirect: 'manual' })
  }
  await expectTrail(id, [
    { action: 'alert.start' },
    { kind: 'person', who: 'Tony', via: 'link', action: 'alert.acknowledge' },
  ])
})

test.concurrent('a key in a call, under the name of who was called', async () => {
  const line = simulator.line()
  const id = await alerts.start([{ name: 'Michael', phones: [line, simulator.phone('sms')] }], 'key of Michael')
  const call = await line.rings()
  await call.answers()
  await call.presses('1')
  await expectTrail(id, [
    { action: 'alert.start' },
    { kind: 'person', who: 'Michael', via: 'call', action: 'alert.acknowledge' },
  ])
})

test.concurrent('logins and logouts', async () => {
  const name = `Ada ${Date.now()}`
  const ada = await connectConsole(consoleUrl, consolePassword, name)
  await ada.post('/logout', {})
  await eventually(async () => {
    const theirs = (await readTrail()).filter(({ who }) => who.includes(name))
    expect(theirs.map(({ action }) => action)).toEqual(['login', 'logout'])
  })
})

test.concurrent('replies, under the name of whose phone it is; questions are no acts', async () => {
  const { tony, people } = oncall()
  const id = await alerts.start(people, 'reply of Tony')
  await tony.expects(/reply of Tony/)
  await tony.sends('?')
  await tony.expects(/Nobody has it/)
  await tony.sends('ok')
  await tony.expects(/You have it/)
  const by = { kind: 'person', who: 'Tony', via: 'message' }
  await expectTrail(id, [{ action: 'alert.start' }, { ...by, action: 'alert.acknowledge', detail: 'taken' }])
})

test.concurrent('a sign-up, its confirmation and an opt-out, which name nobody', async () => {
  const phone = simulator.phone('sms', newAddress('sms'))
  await sendSignup(ingress, { number: phone.address, topic: 'MSFT' })
  await phone.expects(/Somebody asked for MSFT/)
  await phone.sends('YES')
  await phone.expects(/You now receive MSFT/)
  await phone.sends('STOP')
  await phone.expects(/not receive any more/)
  await eventually(async () => {
    const trail = await readTrail()
    const asked = trail.filter(({ via, action }) => via === 'form' && action === 'signup.ask')
    const confirmed = trail.filter(({ via, action }) => via === 'message' && action === 'signup.confirm')
    expect(confirmed.some(({ target }) => asked.some((each) => each.target === target))).toBe(true)
    expect(trail).toContainEqual(expect.objectContaining({ kind: 'somebody', via: 'message', action: 'consent.out' }))
    expect(JSON.stringify(trail)).not.toContain(phone.address)
  })
})

test.concurrent('a topic by text and its end, and an opt-out that Vonage reports', async () => {
  const [phone, barred] = [simulator.phone('sms', newAddress('sms')), simulator.phone('sms', newAddress('sms'))]
  await phone.sends('MSFT')
  await phone.expects(/You now receive MSFT/)
  await phone.sends('STOP')
  await phone.expects(/not receive any more/)
  const outcome = { target: 'send', kind: 'outcome', outcome: 'rejected', code: 1240 } as const
  await simulator.breaks({ ...outcome, address: barred.address })
  await barred.sends('hello')
  await eventually(async () => {
    const trail = await readTrail()
    const theirs = ({ address }: { address: string }) =>
      trail.filter(({ detail }) => detail?.endsWith(`sms …${address.slice(-4)}`)).map(({ action }) => action)
    expect(theirs(phone)).toEqual(['subscription.begin', 'subscription.end'])
    expect(theirs(barred)).toEqual(['consent.out'])
  })
})
