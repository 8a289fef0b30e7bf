import { beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { createAlertClient } from '../support/alert-client.ts'
import type { AlertClient } from '../support/alert-client.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'

let alerts: AlertClient
let simulator: Simulator
beforeAll(() => {
  alerts = createAlertClient(inject('stack'))
  simulator = connectSimulator(inject('stack').simulator)
})

function oncall() {
  const [tony, michael, ann, spare] = [1, 2, 3, 4].map(() => simulator.phone('sms'))
  if (!tony || !michael || !ann || !spare) expect.unreachable()
  const people = [
    { name: 'Tony', phones: [tony, spare] },
    { name: 'Michael', phones: [michael, spare] },
    { name: 'Ann', phones: [ann, spare] },
  ]
  return { tony, michael, ann, people }
}

const outcome = z.object({ id: z.string(), outcome: z.string().nullable() })

describe('what people answer', () => {
  test.concurrent('one cannot, the next one asks and takes it, the first one is told who has it', async () => {
    const { tony, michael, people } = oncall()
    const id = await alerts.start(people, 'Main server down')
    await tony.expects(/^Main server down/)
    await tony.sends("can't, on a plane")
    await tony.expects(/^Passed on. Now asked: Michael now, Ann in 20 min/)
    await michael.expects(/^Main server down/)
    await michael.sends('?')
    await michael.expects(/^Main server down\nNobody has it. Asked: Tony \("can't, on a plane"\), Michael/)
    await alerts.post(`/api/alerts/${id}/note`, { text: 'The door code is 1234', by: 'Ada' })
    await michael.sends('👍')
    await michael.expects(
      'You have it: Main server down\nAsked before you: Tony ("can\'t, on a plane")\nAda: The door code is 1234',
    )
    await alerts.until(id, 'attended')
    await tony.sends('ok, landed')
    await tony.expects('Michael has it: Main server down')
    const { timeline } = await alerts.until(id, 'attended')
    expect(timeline).toContainEqual(
      expect.objectContaining({ event: 'said', user: 'Tony', reason: "can't, on a plane" }),
    )
    expect(timeline).toContainEqual(expect.objectContaining({ event: 'said', user: 'Tony', reason: 'ok, landed' }))
  })

  test.concurrent('who has taken it and cannot after all passes it on', async () => {
    const { tony, michael, people } = oncall()
    const id = await alerts.start(people, 'Disk full')
    await tony.expects(/^Disk full/)
    await tony.sends('ok')
    await alerts.until(id, 'attended')
    await tony.sends('no, I cannot log in')
    await michael.expects(/^Disk full/)
    await alerts.until(id, 'Michael/sms')
    const open = z
      .object({ alerts: z.array(z.object({ id: z.string() })) })
      .parse(await alerts.get('/api/alerts?state=all&limit=100'))
    expect(open.alerts.filter((each) => each.id === id)).toHaveLength(1)
    await tony.sends('mine after all')
    expect((await alerts.until(id, 'attended')).attendedBy).toMatchObject({ user: 'Tony', how: 'reply' })
  })

  test.concurrent('HELP explains the alert, a machine is no person, and STOP stays what it is', async () => {
    const { tony, michael, people } = oncall()
    const id = await alerts.start(people, 'Queue stuck')
    await tony.expects(/^Queue stuck/)
    await tony.sends('HELP')
    await tony.expects(/^Queue stuck\nReply A\d+ if you have it, PASS .* Reply STOP/)
    await tony.sends("I'm driving with Do Not Disturb While Driving turned on.")
    await alerts.until(id, 'Tony/sms')
    await tony.sends('STOP')
    await tony.expects(/will not receive any more/)
    await michael.expectsNothing(300)
    await alerts.until(id, 'Tony/sms')
    expect(await alerts.story(id)).toContain('said Tony sms')
  })

  test.concurrent('where the policy wants clear words, others are answered with how to', async () => {
    const { tony, people } = oncall()
    const id = await alerts.start(people, 'Fan broken', { acknowledge: 'code' })
    const { text } = await tony.expects(/^Fan broken/)
    await tony.sends('what is this')
    await tony.expects(/^Fan broken\nReply A\d+ if you have it/)
    await alerts.until(id, 'Tony/sms')
    await tony.sends(/A\d+/.exec(text)?.[0] ?? '')
    await alerts.until(id, 'attended')
  })

  test.concurrent('who was asked is told that it is over, when it is cancelled', async () => {
    const { tony, michael, people } = oncall()
    const id = await alerts.start(people, 'False alarm', { announce: true })
    await tony.expects(/^False alarm/)
    await alerts.ask('DELETE', `/api/alerts/${id}`)
    await tony.expects('It is over: False alarm')
    await tony.sends('ok')
    await tony.expects('It is over: False alarm')
    expect(await michael.received()).toEqual([])
  })
})

describe('what programs can do', () => {
  test.concurrent('hand it over, put it off, resolve it; each says what came of it', async () => {
    const { tony, ann, people } = oncall()
    const id = await alerts.start(people, 'Cable cut')
    await tony.expects(/^Cable cut/)
    const does = async (name: string, body: object = {}) =>
      outcome.parse(await alerts.post(`/api/alerts/${id}/${name}`, body)).outcome
    expect(await does('hand-over', { to: 'Zoe' })).toBe('unknown-name')
    expect(await does('hand-over', { to: 'ann', by: 'Tony' })).toBe('handed-over')
    await ann.expects(/^Cable cut/)
    expect(await does('snooze', { minutes: 5 })).toBe('snoozed')
    const snoozed = await alerts.get(`/api/alerts/${id}`)
    expect(snoozed).toMatchObject({ state: 'walking', current: null, snoozedUntil: expect.any(String) })
    expect(await does('pass')).toBe('passed')
    await alerts.until(id, 'Michael/sms')
    expect(await does('acknowledge', { by: 'Michael' })).toBe('taken')
    expect(await does('resolve')).toBe('resolved')
    expect(await does('snooze', { minutes: 5 })).toBe('over')
    expect(await alerts.get(`/api/alerts/${id}`)).toMatchObject({ state: 'attended', resolvedAt: expect.any(String) })
    const long = await alerts.ask('POST', `/api/alerts/${id}/note`, { text: 'x'.repeat(10_000) })
    expect([long.status, await long.text()]).toEqual([422, expect.stringContaining('text')])
  })
})
