import { beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { createAlertClient, opensWindow } from '../support/alert-client.ts'
import type { AlertClient } from '../support/alert-client.ts'
import { eventually } from '../support/eventually.ts'
import type { Phone } from '../support/phone.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'

let simulator: Simulator
let alerts: AlertClient
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  alerts = createAlertClient(inject('stack'))
})

/** Many alerts at once to one person, whose second phone nobody comes to. */
async function storm(phone: Phone, count: number): Promise<string[]> {
  const people = [{ name: 'Tony', phones: [phone, simulator.phone('sms')] }]
  return Promise.all(Array.from({ length: count }, (_, index) => alerts.start(people, `service ${index + 1} is down`)))
}

async function codesOf(ids: string[]): Promise<string[]> {
  return Promise.all(ids.map(async (id) => (await alerts.until(id, 'Tony/sms')).code))
}

const view = z.looseObject({ state: z.string(), code: z.string() })
const attendedCode = (answer: unknown) => {
  const { state, code } = view.parse(answer)
  return state === 'attended' ? [code] : []
}

const named = (texts: string[], code: string) => texts.filter((text) => new RegExp(`\\b${code}\\b`).test(text)).length

test.concurrent('30 alerts to one person are few messages that name each code once, and one reply attends all', async () => {
  const phone = simulator.phone('sms')
  const ids = await storm(phone, 30)
  const codes = await codesOf(ids)
  const texts = await eventually(async () => {
    const received = (await phone.received()).map(({ text }) => text)
    expect(codes.map((code) => named(received, code))).toEqual(codes.map(() => 1))
    return received
  })
  expect(texts.length).toBeLessThanOrEqual(6)
  await phone.sends('on my way')
  for (const id of ids)
    expect((await alerts.until(id, 'attended')).attendedBy).toMatchObject({ how: 'reply', user: 'Tony' })
})

test.concurrent('a reply with a code attends that one alone; the page of the link shows all, and takes the rest', async () => {
  const phone = simulator.phone('sms')
  const ids = await storm(phone, 4)
  const codes = await codesOf(ids)
  const { text } = await phone.expects(/^\d alerts/)
  const inside = codes.filter((code) => named([text], code) === 1)
  const [first = '', ...rest] = inside
  const idOf = (code: string) => ids[codes.indexOf(code)] ?? ''
  await phone.sends(first)
  await alerts.until(idOf(first), 'attended')
  for (const code of rest) expect(await alerts.get(`/api/alerts/${idOf(code)}`)).toMatchObject({ state: 'walking' })

  const [link = ''] = /http\S+\/b\/\S+/.exec(text) ?? []
  const page = await (await fetch(link)).text()
  for (const code of inside) expect(page).toContain(code)
  expect(page).toContain('Tony has it')
  expect(page).toContain(`${inside.length} alerts, ${rest.length} open`)
  const thanks = await fetch(link, { method: 'POST' })
  expect(await thanks.text()).toContain('Thank you')
  for (const code of rest)
    expect((await alerts.until(idOf(code), 'attended')).attendedBy).toMatchObject({ how: 'link' })
})

test.concurrent('the button of a message about several alerts attends them', async () => {
  const phone = simulator.phone('whatsapp')
  await opensWindow(phone)
  const people = [{ name: 'Tony', phones: [phone, simulator.phone('sms')] }]
  const ids = await Promise.all([1, 2, 3].map((index) => alerts.start(people, `service ${index} is down`)))
  const bundle = await phone.expects(/^\d alerts/)
  await phone.presses(bundle, 'I have it')
  const seen = await eventually(async () => {
    const attended = await Promise.all(ids.map((id) => alerts.get(`/api/alerts/${id}`)))
    const codes = attended.flatMap((each) => attendedCode(each))
    expect(codes.filter((code) => named([bundle.text], code) === 1).length).toBeGreaterThan(1)
    return codes
  })
  expect(seen.every((code) => named([bundle.text], code) === 1)).toBe(true)
})
