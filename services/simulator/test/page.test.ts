import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'

import type { Rig } from '../src/testing/start.ts'
import { findBrowser } from './browser.ts'
import { ALICE, alice, usePages } from './use-pages.ts'
import { findFaintText, findViolations } from './violations.ts'

const path = findBrowser()

/** What comes within a tenth of a second is drawn together: as few times if it is fifty messages as if it is one. */
const LAYOUTS_OF_A_BATCH = 10

/** Skipped where there is no chromium. */
describe.skipIf(path === null)('the page', () => {
  const pages = usePages()
  const { open } = pages
  const send = (channel: string, to: string, text: string, from: string, extra: object = {}) =>
    pages.rig.vonage('POST', '/v1/messages', { channel, message_type: 'text', to, from, text, ...extra })
  const statusOf = (id: unknown, status: string) =>
    pages.rig.application.next(({ body }) => body.message_uuid === id && body.status === status)

  test('a conversation on WhatsApp: typed, answered, read', async () => {
    const page = await open()
    const phone = alice(page)
    await phone.locator('.app[data-channel=whatsapp]').click()
    await phone.getByRole('textbox').fill('msft please')
    await page.keyboard.press('Enter')
    const inbound = await pages.rig.application.next(({ body }) => body.text === 'msft please')
    expect(inbound.body.from).toEqual(ALICE)
    await phone.locator('.row-own[data-status=delivered]').waitFor()
    const { body } = await send('whatsapp', ALICE, 'MSFT 420.17, see https://example.com/msft.', '447700900001')
    await phone.getByText('MSFT 420.17').waitFor()
    expect(await phone.getByRole('link').getAttribute('href')).toEqual('https://example.com/msft')
    await statusOf(body.message_uuid, 'read')
    await phone.locator('.row-theirs[data-status=read]').waitFor()
  })

  test('the home screen shows what is new; only opening the thread reads it', async () => {
    const page = await open()
    const { body } = await send('viber_service', ALICE, 'Alert: the database is down', 'Switchboard')
    await statusOf(body.message_uuid, 'delivered')
    await page.locator('.people .badge').waitFor()
    expect(pages.rig.world.messages.get(String(body.message_uuid))?.status).toEqual('delivered')
    await alice(page).locator('.notice').click()
    await statusOf(body.message_uuid, 'read')
    await page.locator('.people .badge').waitFor({ state: 'detached' })
  })

  test('a number that is typed becomes a phone; nonsense is explained', async () => {
    const page = await open()
    const field = page.getByLabel('New phone')
    await field.fill('hello')
    await page.keyboard.press('Enter')
    await page.getByText('must be 7 to 15 digits').waitFor()
    await field.fill('+44 7700 900099')
    await page.keyboard.press('Enter')
    const phone = page.locator('.phone[data-person="447700900099"]')
    await phone.locator('.app[data-channel=sms]').click()
    await phone.getByRole('textbox').fill('hello')
    await page.keyboard.press('Enter')
    await pages.rig.application.next(({ body }) => body.from === '447700900099')
  })

  test('switches: roaming rejects, and the phone says why', async () => {
    const page = await open()
    const phone = alice(page)
    await phone.getByRole('button', { name: 'Roaming' }).click()
    await phone.locator('[data-switch=roaming][aria-pressed=true]').waitFor()
    await phone.locator('.app[data-channel=sms]').click()
    await send('sms', ALICE, 'Nobody reads this', '447700900000')
    await phone.getByText('rejected · 1260').waitFor()
    await phone.locator('[data-switch=power]').click()
    await phone.getByText('This phone is off').waitFor()
  })

  test('templates and buttons: pressing one answers', async () => {
    const page = await open()
    await pages.rig.vonage('POST', '/v1/messages', {
      channel: 'whatsapp',
      message_type: 'template',
      to: ALICE,
      from: '447700900001',
      template: { name: 'switchboard:alert', parameters: ['Disk full'] },
      whatsapp: { locale: 'en_GB' },
    })
    await alice(page).locator('.app[data-channel=whatsapp]').click()
    await alice(page).getByText('Alert: Disk full').waitFor()
    await alice(page).getByRole('button', { name: 'I have it' }).click()
    const pressed = await pages.rig.application.next(({ body }) => body.message_type === 'button')
    expect(pressed.body.button).toEqual({ payload: 'ack', text: 'I have it' })
    expect(pressed.body.context_status).toEqual('available')
  })

  test('pictures and places are sent from the phone', async () => {
    const page = await open()
    await alice(page).locator('.app[data-channel=whatsapp]').click()
    for (const name of ['Picture', 'Location']) {
      await alice(page).getByLabel('Attach').click()
      await alice(page).getByRole('button', { name }).click()
    }
    await pages.rig.application.next(({ body }) => body.message_type === 'image')
    const place = await pages.rig.application.next(({ body }) => body.message_type === 'location')
    expect(place.body.location).toMatchObject({ name: 'Westminster' })
  })

  test('what Vonage did: headers, body, curl, and one message at a time', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    const first = await send('sms', ALICE, 'First', '447700900000')
    await send('sms', ALICE, 'Second', '447700900000')
    await statusOf(first.body.message_uuid, 'delivered')
    await page.locator('.log-row', { hasText: 'Second' }).click()
    await page.getByRole('heading', { name: 'Body' }).waitFor()
    await page.getByRole('button', { name: 'Copy as curl' }).click()
    await page.getByText('Copied').waitFor()
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toMatch(
      /^curl -i -X POST '.*\/v1\/messages' -H/,
    )
    await alice(page).locator('.app[data-channel=sms]').click()
    await alice(page).locator('.row', { hasText: 'First' }).locator('.meta').click()
    await page.getByText('Only this message').first().waitFor()
    expect(await page.locator('.log > li').count()).toEqual(3)
  })

  test('faults and the clock from the page', async () => {
    const page = await open()
    await page.getByRole('tab', { name: 'Faults' }).click()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.locator('.faults li b', { hasText: 'Answer with an error' }).waitFor()
    expect((await send('sms', ALICE, 'Refused', '447700900000')).status).toEqual(429)
    await page.getByText('Nothing is going wrong.').waitFor()
    await page.getByRole('button', { name: 'Forged webhooks' }).click()
    await page.getByRole('button', { name: '4 active faults' }).waitFor()
    await page.getByRole('tab', { name: 'Clock' }).click()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Time stands still').waitFor()
    const { body } = await send('sms', ALICE, 'Later', '447700900000')
    expect(pages.rig.world.messages.get(String(body.message_uuid))?.status).toEqual('accepted')
    await page.getByRole('button', { name: '+1 s' }).click()
    await page.locator('.people .badge').waitFor()
    expect(pages.rig.world.messages.get(String(body.message_uuid))?.status).toEqual('delivered')
  })

  test('keyboard, and a small screen', async () => {
    const page = await open()
    await page.keyboard.press('2')
    await alice(page).locator('.thread-whatsapp textarea:focus').waitFor()
    await page.keyboard.press('Escape')
    await alice(page).locator('.home').waitFor()
    await page.keyboard.press('/')
    await page.locator('#log-filter:focus').waitFor()
    const small = await open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
    expect(await small.locator('.phone').count()).toEqual(1)
    await small.locator('.app[data-channel=sms]').tap()
    await small.locator('.thread-sms').waitFor()
    expect(await small.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    await small.getByRole('button', { name: 'Vonage' }).tap()
    await small.getByRole('searchbox').waitFor()
  })

  test('nothing is hard to read or to reach, in light and dark', async () => {
    const page = await open()
    await pages.rig.control('POST', `/phones/whatsapp/${ALICE}/messages`, { text: 'hello' })
    await send('whatsapp', ALICE, 'See https://example.com', '447700900001')
    await send('whatsapp', ALICE, 'Not allowed', '447700900777')
    const look = async () => {
      expect.soft(await findViolations(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect.soft(await findFaintText(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'light' })
    }
    const opensThread = async (channel: string) => {
      await alice(page).locator(`.app[data-channel=${channel}]`).click()
      await alice(page).locator(`.thread-${channel}`).waitFor()
    }
    // Each thread and each tab once: neither changes how the other looks.
    for (const channel of ['sms', 'messenger', 'viber_service']) {
      await opensThread(channel)
      await look()
      await page.keyboard.press('Escape')
    }
    await opensThread('whatsapp')
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      await look()
    }
  })

  test('500 messages a second leave the page quick and small', async () => {
    const page = await open()
    await alice(page).locator('.app[data-channel=sms]').click()
    await alice(page).locator('.thread-sms').waitFor()
    const layouts = await countLayouts(page)
    let batches = 0
    const stop = pages.rig.world.feed.subscribe(() => (batches += 1))
    onTestFinished(stop)
    let sent = 0
    for (const startedAt = Date.now(); sent < 1_500; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const due = Math.floor((Date.now() - startedAt) / 2) - sent
      for (let index = 0; index < due; index += 1) flood(pages.rig, sent + index)
      sent += Math.max(0, due)
    }
    await alice(page)
      .getByText(`Price ${sent - 1}`, { exact: true })
      .waitFor()
    const drawn = await layouts()
    expect(await alice(page).locator('.row').count()).toBeLessThanOrEqual(61)
    expect(await page.locator('.log > li').count()).toBeLessThanOrEqual(120)
    expect(drawn).toBeLessThan(batches * LAYOUTS_OF_A_BATCH)
  })
})

function flood(rig: Rig, number: number): void {
  const id = `flood-${number}`
  const sending = { api: 'v1' as const, auth: 'jwt' as const, partIds: [id], wantsReceipt: true }
  const content = { type: 'text', text: `Price ${number}` }
  rig.world.carrier.accept({ id, channel: 'sms', address: ALICE, sender: '447700900000', content, sending })
}

/** How often the page has been laid out since, whatever else the machine does meanwhile. */
async function countLayouts(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const count = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'LayoutCount')?.value ?? NaN
  }
  const before = await count()
  return async () => (await count()) - before
}
