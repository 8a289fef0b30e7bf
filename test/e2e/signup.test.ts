import { beforeAll, describe, expect, inject, test } from 'vitest'

import { eventually } from '../support/eventually.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'

let simulator: Simulator
let api: SwitchboardApi
const { ingress } = inject('stack')
const url = `${ingress}/signup`
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  api = createSwitchboardApi(inject('stack'))
})

describe('the page without a browser', () => {
  test('WhatsApp gets the template; a NO ends it, and the number is left in peace', async () => {
    const number = newAddress('whatsapp')
    const phone = simulator.phone('whatsapp', number)
    await submit({ channel: 'whatsapp', number, topic: 'MSFT' })
    await eventually(async () => {
      const entries = (await simulator.log()).map((entry) => JSON.stringify(entry))
      expect(entries.some((entry) => entry.includes('shop:signup') && entry.includes(number))).toBe(true)
    })
    await phone.expects('shop:signup')
    await phone.sends('no')
    // Whose answer shows that what came before it has been handled.
    const other = simulator.phone('sms')
    await other.sends('hello')
    await other.expects(/MSFT/)
    await submit({ channel: 'whatsapp', number, topic: 'MSFT' })
    await phone.expectsNothing(1_500)
    expect(await subscribers('MSFT')).not.toContain(number)
  })

  test('answers the same whether a number is subscribed, new, opted out or over its limit', async () => {
    const subscriber = simulator.phone('sms')
    await subscriber.sends('NIGHT')
    await subscriber.expects(/You now receive NIGHT/)
    const optedOut = simulator.phone('sms')
    await optedOut.sends('STOP')
    await optedOut.expects(/not receive any more/)
    const numbers = [subscriber.address, optedOut.address, newAddress('sms')]
    const often = newAddress('sms')
    for (let count = 0; count < 3; count += 1) await submit({ channel: 'sms', number: often, topic: 'MSFT' })
    const answers = await Promise.all(
      [...numbers, often].map(async (number) => {
        const { status, headers } = await submit({ channel: 'sms', number, topic: 'NIGHT' })
        return [status, headers.get('location')]
      }),
    )
    expect(answers).toEqual(answers.map(() => [303, '/signup/sent']))
    const phone = simulator.phone('sms', often)
    await eventually(async () => expect(await phone.received()).toHaveLength(3))
    await Promise.all([subscriber.expectsNothing(800), optedOut.expectsNothing(800)])
    expect(await phone.received()).toHaveLength(3)
  })

  test('a form sent twice asks once', async () => {
    const phone = simulator.phone('sms')
    const form = { channel: 'sms', number: phone.address, topic: 'MSFT' }
    const browserForm = await loadForm()
    await Promise.all([submit(form, browserForm), submit(form, browserForm)])
    await phone.expects(/Reply YES/)
    await phone.expectsNothing(800)
  })

  test('a form of another site, or without its cookie, is not taken', async () => {
    const form = { channel: 'sms', number: newAddress('sms'), topic: 'MSFT' }
    const { token } = await loadForm()
    const mine = await loadForm()
    for (const credentials of [
      { token, cookie: mine.cookie },
      { token, cookie: '' },
      { token: 'x', cookie: mine.cookie },
    ]) {
      const response = await submit(form, credentials)
      expect(response.status).toBe(403)
      expect(await response.text()).toContain('Please send it again')
    }
    await simulator.phone('sms', form.number).expectsNothing(500)
  })

  test('a program that fills in the hidden field gets nothing', async () => {
    const number = newAddress('sms')
    expect((await submit({ channel: 'sms', number, topic: 'MSFT', website: 'x' })).status).toBe(303)
    await simulator.phone('sms', number).expectsNothing(800)
  })

  test.for(['/signup/confirm/x', '/signup/decline/signup-abc.zzzzzz.AAAAAAAAAAAAAAAAAAAAAA'])(
    '%s is not a link of ours',
    async (path) => {
      expect((await fetch(`${ingress}${path}`)).status).toBe(404)
    },
  )
})

async function subscribers(topic: string): Promise<string> {
  return JSON.stringify(await api.get(`/api/subscriptions?topic=${topic}`))
}

async function loadForm(): Promise<{ token: string; cookie: string }> {
  const response = await fetch(url)
  const token = /name="token" value="([^"]+)"/.exec(await response.text())?.[1] ?? ''
  return { token, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' }
}

async function submit(
  fields: Record<string, string>,
  credentials?: { token: string; cookie: string },
): Promise<Response> {
  const { token, cookie } = credentials ?? (await loadForm())
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body: new URLSearchParams({ ...fields, token }),
  })
}
