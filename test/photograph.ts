import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type { Locator, Page } from 'playwright-core'
import { z } from 'zod'

import { openBrowser } from './support/browser.ts'
import { chooseRedis } from './support/choose-redis.ts'
import { connectConsole, createAccount } from './support/console-client.ts'
import { openConsole } from './support/console-page.ts'
import { openSimulatorPage } from './support/simulator-page.ts'
import type { PagePhone, SimulatorPage } from './support/simulator-page.ts'
import { connectOwnSimulator } from './support/simulator.ts'
import { createSwitchboardApi } from './support/switchboard-api.ts'
import { startTestStack } from './support/test-stack.ts'

/** Takes the pictures of the README from real conversations: `node test/photograph.ts docs/images`. */
const folder = resolve(process.argv[2] ?? 'docs/images')
mkdirSync(folder, { recursive: true })
/** Some of the conversations alone: `node test/photograph.ts docs/images failover feed`. */
const only = process.argv.slice(3)
const alice = '447700900010'
const tony = '447700900011'
const michael = '447700900012'
const STAGE_HEIGHT = 880
/** Alerts that somebody gets within a minute leave as one message, without the link that a single one has. */
const APART_MS = 61_000
let nextAlertAt = 0

const browser = await openBrowser()
if (!browser) throw new Error('There is no Chromium here')
await using redis = await chooseRedis()
await using stack = await startTestStack({
  redisServerUrl: redis.url,
  env: { SWITCHBOARD_CONFIG: writeConfig() },
})
const simulator = connectOwnSimulator(stack)
const api = createSwitchboardApi(stack.addresses)
const asAda = await openAccount()

for (const converse of [notification, echo, failover, feed, answers].filter(
  ({ name }) => only.length === 0 || only.includes(name),
)) {
  await using opened = await openSimulatorPage(browser, simulator.url, {
    viewport: { width: 1_440, height: STAGE_HEIGHT },
    colorScheme: 'light',
    permissions: ['microphone'],
  })
  await converse(opened)
  if (converse === feed) await photographConsole()
  await simulator.reset()
}
await browser.close()

/** The example configuration, with less waiting. */
function writeConfig(): string {
  const root = resolve(import.meta.dirname, '..')
  const config = JSON.parse(readFileSync(join(root, 'switchboard.config.json'), 'utf8'))
  for (const feed of Object.values(config.feeds)) Object.assign(Object(feed), { everySeconds: 4 })
  config.policies.oncall = {
    announce: true,
    users: [
      {
        name: 'Tony',
        channels: [
          { type: 'messenger', id_num: '9000000001', expiry_time: 5 },
          { type: 'sms', id_num: tony },
        ],
        final_wait: 5,
      },
      {
        name: 'Michael',
        channels: [
          { type: 'whatsapp', id_num: michael },
          { type: 'sms', id_num: michael },
        ],
      },
    ],
  }
  config.policies.night = {
    announce: true,
    users: [
      { name: 'Tony', channels: ['sms', 'voice'].map((type) => ({ type, id_num: tony, expiry_time: 300 })) },
      {
        name: 'Michael',
        channels: [
          { type: 'whatsapp', id_num: michael, expiry_time: 5 },
          { type: 'voice', id_num: michael, expiry_time: 120 },
          { type: 'sms', id_num: michael },
        ],
      },
    ],
  }
  const path = join(root, '.vitest', 'photograph.config.json')
  mkdirSync(join(root, '.vitest'), { recursive: true })
  writeFileSync(path, JSON.stringify({ ...config, $schema: undefined }))
  return path
}

/** A whole page down to a height, or one element. */
async function shoot(name: string, page: Page, what: { height: number } | { element: Locator }): Promise<void> {
  // What has just come has faded in by then.
  await delay(1_200)
  const file = { path: join(folder, `${name}.jpg`), type: 'jpeg' as const, quality: 82 }
  if ('element' in what) await what.element.screenshot(file)
  else await page.screenshot({ ...file, clip: { x: 0, y: 0, width: page.viewportSize()?.width ?? 0, ...what } })
}

async function greets(phone: PagePhone, channel: 'messenger' | 'whatsapp'): Promise<void> {
  await phone.opens(channel)
  await phone.types('hello')
  // Of an alert a while ago it is told who has it.
  await phone.sees(/MSFT|ha(?:s|ve) it/)
}

async function failover({ page, phone }: SimulatorPage): Promise<void> {
  const tonys = await phone(tony)
  const michaels = await phone(michael)
  await greets(tonys, 'messenger')
  await tonys.goesHome()
  await greets(michaels, 'whatsapp')
  await michaels.goesHome()
  const text = 'Main server down'
  await api.post('/api/alerts', { policy: 'oncall', text })
  await tonys.element.locator('.notice', { hasText: text }).filter({ hasText: 'SMS' }).waitFor()
  await michaels.isNotifiedOf(text)
  await michaels.opens('whatsapp')
  await tonys.isNotifiedOf('Michael has it')
  nextAlertAt = Date.now() + APART_MS
  await shoot('failover', page, { height: STAGE_HEIGHT })
}

/** Tony cannot; Michael does not look at WhatsApp, and takes it on the phone. */
async function answers({ page, phone }: SimulatorPage): Promise<void> {
  await delay(Math.max(0, nextAlertAt - Date.now()))
  const tonys = await phone(tony)
  const michaels = await phone(michael)
  await greets(michaels, 'whatsapp')
  await michaels.goesHome()
  await tonys.opens('sms')
  const text = 'Main server down'
  const { id } = z.object({ id: z.string() }).parse(await api.post('/api/alerts', { policy: 'night', text }))
  await tonys.sees(text)
  const link = /https?:\S+\/a\/\S+/.exec((await tonys.received()).at(-1) ?? '')?.[0] ?? ''
  await photographPage(link, 'alert-page')
  await api.post(`/api/alerts/${id}/note`, { text: 'Door code 1234', by: 'Ada' })
  await api.post(`/api/alerts/${id}/snooze`, { minutes: 1, by: 'Ada' })
  await api.post(`/api/alerts/${id}/hand-over`, { to: 'Tony', by: 'Ada' })
  await tonys.types("can't, on a plane")
  await tonys.sees('Passed on')
  await michaels.element.getByRole('button', { name: 'Answer' }).click()
  await michaels.element.getByText('Press 1 if you have it').waitFor()
  await michaels.element.getByRole('button', { name: '1', exact: true }).click()
  await tonys.sees('Michael has it')
  await shoot('answers', page, { height: STAGE_HEIGHT })
  const console = await openConsole(browser!, asAda)
  await console.page.goto(`/alerts/${id}`)
  await shoot('answers-timeline', console.page, { element: console.page.getByRole('region', { name: 'Timeline' }) })
}

/** The page behind an alert's link, as on a phone. */
async function photographPage(link: string, name: string): Promise<void> {
  const context = await browser!.newContext({ viewport: { width: 390, height: 700 } })
  const page = await context.newPage()
  await page.goto(`${stack.addresses.ingress}${new URL(link).pathname}`)
  await shoot(name, page, { height: 700 })
  await context.close()
}

async function notification({ page, phone }: SimulatorPage): Promise<void> {
  const alices = await phone(alice)
  await alices.opens('sms')
  await api.post('/api/notifications', { to: alice, template: 'delivery' })
  await alices.sees(/Your delivery/)
  await alices.types('2')
  await alices.sees(/option 2/)
  await shoot('notification', page, { element: alices.element.locator('.device') })
}

async function echo({ page, phone }: SimulatorPage): Promise<void> {
  const { element } = await phone(alice)
  await element.getByRole('button', { name: 'Call our number' }).click()
  await element.getByText('Connected to the echo').waitFor()
  await delay(6_000)
  await shoot('call', page, { element: element.locator('.device') })
  await element.getByRole('button', { name: 'Hang up' }).click()
  await element.getByText('Call ended').waitFor()
}

async function feed({ page, phone }: SimulatorPage): Promise<void> {
  const michaels = await phone(michael)
  const alices = await phone(alice)
  await michaels.opens('whatsapp')
  await michaels.types('GOOGL')
  await alices.opens('sms')
  await alices.types('hello')
  await alices.sees('MSFT')
  await alices.types('msft please')
  await alices.sees(/^MSFT \d/)
  await delay(5_000)
  await page.getByRole('tab', { name: 'What Vonage did' }).click()
  await page.locator('.log-row', { hasText: 'msft please' }).first().click()
  await shoot('feed', page, { height: STAGE_HEIGHT })
}

/** The console is seen by somebody with an account, as it should be. */
async function openAccount(): Promise<{ url: string; password: string }> {
  const { console: url, consolePassword } = stack.addresses
  const installer = await connectConsole(url, consolePassword)
  const { password } = await createAccount(url, installer, { name: 'Ada', role: 'admin' })
  return { url, password }
}

async function photographConsole(): Promise<void> {
  const { page } = await openConsole(browser!, asAda)
  await page.goto('/')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await shoot('console', page, { height: 745 })
  const list = z.object({ alerts: z.array(z.object({ id: z.string() })) })
  const [alert] = list.parse(await api.get('/api/alerts?state=all')).alerts
  await page.goto(`/alerts/${alert?.id}`)
  await shoot('alert', page, { height: 620 })
}
