import { readFile } from 'node:fs/promises'

import type { Page } from 'playwright-core'
import { describe, expect, inject } from 'vitest'

import { countClicks } from '../support/clicks.ts'
import { connectConsole, createAccount } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import { inBrowser } from '../support/in-browser.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

const { console: url, consolePassword } = inject('stack')
const simulator = connectSimulator(inject('stack').simulator)
const api = createSwitchboardApi(inject('stack'))

/** An alert that goes on sooner than those of other tests: the overview shows such ones first. */
async function startAlert(text: string, address = newAddress('sms')): Promise<void> {
  const channels = [address, newAddress('sms')].map((to) => ({ type: 'sms', id_num: to, expiry_time: 90 }))
  await api.post('/api/alerts', { users: [{ name: 'Tony', channels, final_wait: 90 }], text })
}

async function failsToReach(address: string): Promise<void> {
  await simulator.breaks({ target: 'send', kind: 'status', status: 422, address })
}

const openAlert = (page: Page, text: string) =>
  page
    .getByRole('region', { name: 'Open alerts' })
    .getByRole('link', { name: new RegExp(text) })
    .click()

describe('alerts', () => {
  inBrowser('2 clicks: an open one is found and acknowledged', async ({ page }) => {
    const clicks = await countClicks(page)
    await startAlert('Door of hall 3 is open')
    await openAlert(page, 'Door of hall 3')
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.locator('.notice', { hasText: 'Ada acknowledged it' }).waitFor()
    expect(await clicks()).toBeLessThanOrEqual(2)
  })

  inBrowser('2 clicks: which step’s message failed, why, and the message itself', async ({ page }) => {
    const clicks = await countClicks(page)
    const address = newAddress('sms')
    await failsToReach(address)
    await startAlert('Lift is stuck', address)
    await openAlert(page, 'Lift is stuck')
    const step = page.getByRole('list', { name: 'Channels of Tony' }).getByRole('listitem').first()
    await step.getByText('failed', { exact: true }).waitFor()
    await step.getByText(/refuse/).waitFor()
    await step.getByRole('link', { name: 'contacted' }).click()
    await page.waitForURL('**/messages/*')
    await page.locator('.notice.bad').waitFor()
    expect(await clicks()).toBeLessThanOrEqual(2)
  })

  inBrowser('3 clicks: one is started by a policy', async ({ page }) => {
    const clicks = await countClicks(page)
    await page.getByRole('link', { name: 'Start an alert' }).click()
    await page.getByLabel('Policy', { exact: true }).selectOption('oncall')
    await page.getByLabel('Text').fill('Cooling is off')
    await page.getByRole('button', { name: 'Start the alert' }).click()
    await page.getByRole('list', { name: 'Channels of Tony' }).waitFor()
    expect(await clicks()).toBeLessThanOrEqual(3)
  })

  inBrowser('2 clicks: all of them as a CSV file', async ({ page }) => {
    const word = `Gate${newAddress('sms')}`
    await startAlert(word)
    const clicks = await countClicks(page)
    await page.getByRole('region', { name: 'Open alerts' }).getByRole('link', { name: word }).waitFor()
    await page.getByRole('link', { name: /^Open alerts/ }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'All as CSV' }).click(),
    ])
    expect(await readFile(await download.path(), 'utf8')).toContain(word)
    expect(await clicks()).toBeLessThanOrEqual(2)
  })
})

describe('people', () => {
  inBrowser('no click after typing: somebody’s conversation by the last digits', async ({ page }) => {
    const phone = simulator.phone('sms')
    await api.post('/api/notifications', { to: `+${phone.address}`, template: 'delivery' })
    await phone.expects(/Your delivery/)
    await phone.sends('2')
    await phone.expects(/option 2/)
    const clicks = await countClicks(page)
    await page.getByRole('searchbox').fill(phone.address.slice(-6))
    await page.keyboard.press('Enter')
    const conversation = page.getByRole('list', { name: 'Messages' })
    await conversation.getByText('picking option 2').waitFor()
    expect(await clicks()).toBe(0)
  })

  inBrowser('3 clicks: what needs a person is taken and answered', async ({ page }) => {
    const phone = simulator.phone('sms')
    await phone.sends('please stop texting me')
    await phone.expects(/To end all messages from us/)
    const clicks = await countClicks(page)
    await page.getByRole('link', { name: /^Needs a person/ }).click()
    const card = page.getByRole('article').filter({ hasText: phone.address })
    await card.getByRole('button', { name: 'Take it' }).click()
    await card.getByText('yours').waitFor()
    await card.getByRole('textbox').fill('We have ended it.')
    await card.getByRole('button', { name: 'Send' }).click()
    await phone.expects('We have ended it.')
    expect(await clicks()).toBeLessThanOrEqual(3)
  })
})

describe('operation', () => {
  inBrowser('2 clicks: what failed alike is tried again, and has worked', async ({ page }) => {
    const phone = simulator.phone('sms')
    await failsToReach(phone.address)
    await phone.sends('hello')
    const clicks = await countClicks(page)
    await page.getByRole('link', { name: /^Failed jobs [1-9]/ }).click()
    const group = page.getByRole('list', { name: 'Equal errors' }).getByRole('listitem').filter({ hasText: 'refused' })
    await group
      .getByRole('button', { name: /^Retry (it|these)/ })
      .first()
      .click()
    // What the simulator refused once it takes now.
    await phone.expects(/MSFT/)
    await page
      .getByRole('status')
      .getByText(/\d+ worked/)
      .waitFor()
    expect(await clicks()).toBeLessThanOrEqual(2)
  })

  inBrowser('3 clicks: from a queue to a job in Bull Board and back', async ({ page }) => {
    const phone = simulator.phone('sms')
    await failsToReach(phone.address)
    await phone.sends('hello')
    const clicks = await countClicks(page)
    const busy = page.getByRole('region', { name: 'Queues, busy' })
    await busy.getByRole('link', { name: 'outbound-sms' }).click()
    await page.getByRole('region', { name: 'Jobs' }).getByRole('row').nth(1).getByRole('link').first().click()
    await page.waitForURL('**/queues/queue/outbound-sms/*')
    await page.getByRole('link', { name: 'Back to outbound-sms' }).click()
    await page.getByRole('heading', { name: 'Queue outbound-sms' }).waitFor()
    expect(await clicks()).toBeLessThanOrEqual(3)
  })

  inBrowser('no click: which services are there; 2: somebody’s sessions are ended', async ({ page }) => {
    const name = `tony${newAddress('sms')}`
    const ada = await connectConsole(url, consolePassword)
    const { password } = await createAccount(url, ada, { name, role: 'operator' })
    const tony = await connectConsole(url, password, name)
    expect((await tony.get('/')).status).toBe(200)

    const clicks = await countClicks(page)
    await page.getByRole('region', { name: 'Services' }).getByText('ingress').waitFor()
    expect(await clicks()).toBe(0)
    await page.getByRole('link', { name: 'Accounts' }).click()
    const row = page.getByRole('row').filter({ hasText: name })
    await row.getByRole('button', { name: 'End sessions' }).click()
    await eventually(async () => expect((await tony.get('/')).status).toBe(302))
    expect(await clicks()).toBeLessThanOrEqual(2)
  })
})
