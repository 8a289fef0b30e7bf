import type { Alert } from '@switchboard/contracts'
import { createAlerts, createSenders } from '@switchboard/store'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openSharedBrowser } from '../support/browser.ts'
import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { openConsole } from '../support/console-page.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'
import { fillFailed } from '../support/fill-failed.ts'

const NUMBER = '447700900111'
const NAME = 'فاطمة الزهراء'
const config = { senders: { sms: '447700900000', whatsapp: '447700900001' } }
const now = Date.now()
const alert: Alert = {
  id: 'alert-full',
  code: 'A1',
  text: 'Fan 3 is slow',
  planId: '',
  state: 'walking',
  createdAt: now - 60_000,
  step: { round: 0, user: 0, channel: 0 },
  dueAt: now + 1_800_000,
  resends: 0,
  isWaiting: true,
  snooze: { by: 'Ada' },
  timeline: [
    { at: now - 60_000, event: 'started' },
    { at: now - 60_000, event: 'contacting', step: [0, 0, 0] },
    { at: now - 50_000, event: 'snoozed', reason: '30 min', by: 'Ada' },
  ],
}

let service: ConsoleService
let admin: ConsoleClient
beforeAll(async () => {
  service = await startConsoleService({}, undefined, config)
  const { client } = service.redis
  admin = await connectConsole(service.url, service.password)
  await admin.post(`/people/tel.${NUMBER}/name`, { name: NAME })
  await fillFailed(client, 3, now)
  const alerts = createAlerts(client)
  const channel = { to: NUMBER, expirySeconds: 600, condition: 'read' as const }
  const channels = [
    { channel: 'sms' as const, ...channel },
    { channel: 'whatsapp' as const, ...channel },
  ]
  const users = [{ name: NAME, channels, finalWaitSeconds: 600 }]
  const planId = await alerts.savePlan({ users, repeat: 0, announce: false, engine: 'local' })
  await alerts.change(alert.id, () => ({ ...alert, planId }))
  await alerts.due.enter(alert.id, alert.dueAt)
  const senders = createSenders(client)
  for (const recipient of ['one', 'another']) {
    const refusal = { kind: 'account' as const, recipient, code: '402', reason: 'Low balance' }
    await senders.answered({ channel: 'sms', sender: config.senders.sms }, refusal, now)
  }
})
afterAll(() => service[Symbol.asyncDispose]())

test('a form that is refused comes back as it was filled in, below what every page says', async () => {
  await eventually(async () => expect(await (await admin.get('/')).text()).toContain('SMS is held'))
  const token = await admin.post('/tokens', { name: 'deploy', days: '90' })
  const account = await admin.post('/accounts', { name: 'Ünknown / name', role: 'operator' })
  const asked = await admin.post('/notify', { to: 'nonsense', name: '', channel: 'sms' })
  expect([token.status, account.status, asked.status]).toEqual([422, 422, 422])
  const [tokenPage, accountPage, askedPage] = await Promise.all([token, account, asked].map((each) => each.text()))
  expect(tokenPage).toContain('scope: tick what it may do')
  expect(tokenPage).toMatch(/name="name" value="deploy"[^]*value="90" selected/)
  expect(accountPage).toMatch(/role="alert"[^]*name: must be[^]*value="Ünknown \/ name"[^]*<option selected>operator/)
  for (const page of [tokenPage, accountPage, askedPage]) expect(page).toContain('SMS is held')

  const [ops, scopes] = [
    { name: 'ops', role: 'operator' },
    { name: 'deploy', days: '90', scope: 'alerts:read' },
  ]
  await admin.post('/accounts', ops)
  await admin.post('/tokens', scopes)
  const [sameAccount, sameToken] = await Promise.all([admin.post('/accounts', ops), admin.post('/tokens', scopes)])
  expect([sameAccount.status, sameToken.status]).toEqual([409, 409])
  expect(await sameAccount.text()).toMatch(/role="alert"[^]*There is an account ops already[^]*value="ops"/)
  expect(await sameToken.text()).toMatch(
    /role="alert"[^]*There is a token deploy[^]*value="deploy"[^]*alerts:read" checked/,
  )
})

test('at 1440: names stand beside numbers, ids of jobs are whole, what is put off says so', async (context) => {
  const browser = await openSharedBrowser()
  if (!browser) return context.skip('there is no Chromium here')
  const { page } = await openConsole(browser, { ...service, colorScheme: 'dark', width: 1_440 })
  await page.goto('/alerts')
  await page.getByRole('row', { name: /A1 .*put off.*asked again in/ }).waitFor()
  await page.goto(`/alerts/${alert.id}`)
  expect(await lines(page, '.step p:has(bdi)')).toEqual([1, 1])
  await page.goto('/failed')
  expect(await lines(page, 'td.job')).toEqual([1, 1, 1])
  await browser.close()
})

/** How many lines of text each of these takes. */
async function lines(page: Page, selector: string): Promise<number[]> {
  await page.locator(selector).first().waitFor()
  return page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((element) => {
    const range = document.createRange()
    range.selectNodeContents(element)
    return new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ bottom }) => Math.round(bottom / 8))).size
  })`)
}
