import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import type { BrowserContextOptions, Page } from 'playwright-core'

import { startRig, type Rig } from '../src/testing/start.ts'
import { findBrowser, launchBrowser } from './browser.ts'
import { answerCalls } from './echo-application.ts'

/** Takes the pictures of the README: `node test/photograph.ts <folder>`. */
const folder = process.argv[2] ?? 'docs'
const path = findBrowser()
if (path === null) throw new Error('No chromium found')
const browser = await launchBrowser(path)
const rig = await startRig({}, 1)
const calls = await answerCalls(rig)
await converse(rig)

const desktop = { viewport: { width: 1440, height: 900 } }
await photograph('home', { ...desktop, colorScheme: 'light' }, async () => {})
await photograph('threads', { ...desktop, colorScheme: 'light' }, async (page) => {
  await page.locator('.phone').nth(0).locator('[data-channel=whatsapp]').click()
  await page.locator('.phone').nth(1).locator('[data-channel=viber_service]').click()
  await page.waitForTimeout(500)
  await page.locator('.log-row', { hasText: 'viber' }).first().click()
})
await photograph('dark', { ...desktop, colorScheme: 'dark' }, async (page) => {
  await page.locator('.phone').nth(0).locator('[data-channel=sms]').click()
  await page.locator('.phone').nth(1).locator('[data-channel=messenger]').click()
  await page.getByRole('tab', { name: 'Faults' }).click()
})
await photograph('call', { ...desktop, colorScheme: 'light', permissions: ['microphone'] }, async (page) => {
  await page.locator('.phone').nth(0).locator('[data-channel=call]').click()
  await page.waitForTimeout(5_000)
})
await photograph(
  'small',
  { viewport: { width: 390, height: 844 }, isMobile: true, colorScheme: 'light' },
  async (page) => {
    await page.locator('[data-channel=whatsapp]').click()
  },
)
await browser.close()
await calls[Symbol.asyncDispose]()
await rig[Symbol.asyncDispose]()

async function photograph(name: string, options: BrowserContextOptions, prepare: (page: Page) => Promise<void>) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(rig.url)
  await page.getByText('live', { exact: true }).waitFor()
  await prepare(page)
  await page.waitForTimeout(600)
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: 'jpeg', quality: 86 })
  await context.close()
}

async function converse(rig: Rig): Promise<void> {
  const [alice, tony, tonyOnMessenger] = ['447700900010', '447700900011', '9000000001']
  const senders = {
    sms: '447700900000',
    whatsapp: '447700900001',
    messenger: '100000001',
    viber_service: 'Switchboard',
  }
  const say = async (channel: keyof typeof senders, address: string, text: string) => {
    await rig.control('POST', `/phones/${channel}/${address}/messages`, { text })
    await wait(380)
  }
  const send = async (channel: keyof typeof senders, to: string, text: string, extra: object = {}) => {
    await rig.vonage('POST', '/v1/messages', {
      channel,
      message_type: 'text',
      from: senders[channel],
      to,
      text,
      ...extra,
    })
    await wait(380)
  }
  await say('whatsapp', alice, 'hello')
  await send('whatsapp', alice, 'Hello! Text MSFT or GOOGL for live prices, STOP to end. https://example.com/help')
  await say('whatsapp', alice, 'msft please')
  await send('whatsapp', alice, 'You now follow MSFT. It stands at 420.17.')
  await send('whatsapp', alice, 'MSFT 420.62')
  await rig.vonage('POST', '/v1/messages', {
    channel: 'whatsapp',
    message_type: 'template',
    from: senders.whatsapp,
    to: alice,
    template: { name: 'switchboard:alert', parameters: ['the database is down'] },
    whatsapp: { locale: 'en_GB' },
  })
  const question = 'To change it reply 1 (tomorrow), 2 (Thursday) or 3 (deliver to post office).'
  await send('sms', alice, `Your delivery is scheduled for tomorrow between 8am and 2pm. ${question}`)
  await say('sms', alice, '2')
  await send('sms', alice, 'Thank you for picking option Thursday. Your delivery is now fully scheduled in.')
  await say('messenger', tonyOnMessenger, 'GOOGL')
  await send('messenger', tonyOnMessenger, 'You now follow GOOGL. It stands at 175.20.')
  await send('messenger', tonyOnMessenger, 'GOOGL 175.42')
  await rig.control('POST', '/faults', { target: 'send', kind: 'status', status: 429, retryAfter: 1 })
  await send('sms', tony, 'Alert: the database is down.')
  await send('sms', tony, 'Alert: the database is down. Reply, or open https://example.com/a/K3 to take it.')
  const action = { url: 'https://example.com/a/K3', text: 'I have it' }
  await send('viber_service', tony, 'Alert: the database is down. Who has it?', { viber_service: { action } })
}
