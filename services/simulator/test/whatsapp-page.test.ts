import axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startRig, type Rig } from '../src/testing/start.ts'
import { findBrowser, launchBrowser } from './browser.ts'
import { findViolations } from './violations.ts'

const path = findBrowser()
const ALICE = '447700900010'

/** Skipped where there is no chromium. */
describe.skipIf(path === null)('WhatsApp on the page', () => {
  let browser: Browser
  let rig: Rig
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '')
    rig = await startRig({}, 5)
  })
  afterAll(async () => {
    await browser.close()
    await rig[Symbol.asyncDispose]()
  })

  test('its own objects: a template with its picture, a Flow that is filled in, an order, a contact', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.setDefaultTimeout(60_000)
    await page.goto(rig.url)
    await page.getByText('live', { exact: true }).waitFor()
    const phone = page.locator(`.phone[data-person="${ALICE}"]`)
    await phone.locator('.app[data-channel=whatsapp]').click()
    const custom = (object: object) =>
      rig.vonage('POST', '/v1/messages', {
        channel: 'whatsapp',
        message_type: 'custom',
        to: ALICE,
        from: '447700900001',
        custom: object,
      })
    const parameters = ['17', 'today'].map((text) => ({ type: 'text', text }))
    const picture = { type: 'image', image: { link: `${rig.url}/static/icon.svg` } }
    const components = [
      { type: 'header', parameters: [picture] },
      { type: 'body', parameters },
    ]
    await custom({ type: 'template', template: { name: 'parcel', language: { code: 'en' }, components } })
    await phone.getByRole('button', { name: 'Leave it with a neighbour', disabled: false }).click()
    await rig.application.next(({ body }) => body.message_type === 'button')
    expect(await phone.locator('img.media').getAttribute('src')).toContain('/static/icon.svg')

    const flow = { name: 'flow', parameters: { flow_id: '1', flow_token: 'token-1', flow_cta: 'Book a visit' } }
    await custom({ type: 'interactive', interactive: { type: 'flow', body: { text: 'When?' }, action: flow } })
    await phone.getByRole('button', { name: 'Book a visit', disabled: false }).click()
    await phone.getByLabel('What the Flow answers').fill('{"day":"Monday"}')
    await phone.locator('.flow').getByRole('button', { name: 'Send' }).click()
    const filled = await rig.application.next(({ body }) => body.provider_message !== undefined)
    expect(filled.body).toMatchObject({ message_type: 'reply', context_status: 'available' })
    expect(filled.rawBody).toContain('token-1')

    const action = { catalog_id: 'c', product_retailer_id: 'p' }
    await custom({ type: 'interactive', interactive: { type: 'product', body: { text: 'This one?' }, action } })
    await phone.getByRole('button', { name: 'Order', disabled: false }).click()
    await rig.application.next(({ body }) => body.message_type === 'order')
    await phone.locator('.attach summary').click()
    await phone.getByRole('button', { name: 'Contact' }).click()
    await rig.application.next(({ body }) => body.message_type === 'contacts')
    await phone.getByText('Tony · +447700900011').waitFor()
    await page.evaluate(axe.source)
    expect(await page.evaluate<string[]>(findViolations)).toEqual([])
  })

  test('what is the case is saved as a file, and loaded from it', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.setDefaultTimeout(60_000)
    await page.goto(rig.url)
    await page.getByText('live', { exact: true }).waitFor()
    await rig.control('POST', '/people', { name: 'Mallory', number: '447700900777' })
    await page.getByRole('tab', { name: 'Faults' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as a file' }).click(),
    ])
    rig.world.reset()
    await page.getByText('Mallory').waitFor({ state: 'detached' })
    await page.getByLabel('Scenario file').setInputFiles(await download.path())
    await page.getByText('Mallory').waitFor()
  })
})
