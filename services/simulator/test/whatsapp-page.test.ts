import { describe, expect, test } from 'vitest'

import { findBrowser } from './browser.ts'
import { ALICE, alice, usePages } from './use-pages.ts'
import { findViolations } from './violations.ts'

const path = findBrowser()

/** Skipped where there is no chromium. */
describe.skipIf(path === null)('WhatsApp on the page', () => {
  const pages = usePages()
  const { open } = pages

  test('its own objects: a template with its picture, a Flow that is filled in, an order, a contact', async () => {
    const page = await open()
    const phone = alice(page)
    await phone.locator('.app[data-channel=whatsapp]').click()
    const custom = (object: object) =>
      pages.rig.vonage('POST', '/v1/messages', {
        channel: 'whatsapp',
        message_type: 'custom',
        to: ALICE,
        from: '447700900001',
        custom: object,
      })
    const parameters = ['17', 'today'].map((text) => ({ type: 'text', text }))
    const picture = { type: 'image', image: { link: `${pages.rig.url}/static/icon.svg` } }
    const components = [
      { type: 'header', parameters: [picture] },
      { type: 'body', parameters },
    ]
    await custom({ type: 'template', template: { name: 'parcel', language: { code: 'en' }, components } })
    await phone.getByRole('button', { name: 'Leave it with a neighbour', disabled: false }).click()
    await pages.rig.application.next(({ body }) => body.message_type === 'button')
    expect(await phone.locator('img.media').getAttribute('src')).toContain('/static/icon.svg')

    const flow = { name: 'flow', parameters: { flow_id: '1', flow_token: 'token-1', flow_cta: 'Book a visit' } }
    await custom({ type: 'interactive', interactive: { type: 'flow', body: { text: 'When?' }, action: flow } })
    await phone.getByRole('button', { name: 'Book a visit', disabled: false }).click()
    await phone.getByLabel('What the Flow answers').fill('{"day":"Monday"}')
    await phone.locator('.flow').getByRole('button', { name: 'Send' }).click()
    const filled = await pages.rig.application.next(({ body }) => body.provider_message !== undefined)
    expect(filled.body).toMatchObject({ message_type: 'reply', context_status: 'available' })
    expect(filled.rawBody).toContain('token-1')

    const action = { catalog_id: 'c', product_retailer_id: 'p' }
    await custom({ type: 'interactive', interactive: { type: 'product', body: { text: 'This one?' }, action } })
    await phone.getByRole('button', { name: 'Order', disabled: false }).click()
    await pages.rig.application.next(({ body }) => body.message_type === 'order')
    await phone.locator('.attach summary').click()
    await phone.getByRole('button', { name: 'Contact' }).click()
    await pages.rig.application.next(({ body }) => body.message_type === 'contacts')
    await phone.getByText('Tony · +447700900011').waitFor()
    expect(await findViolations(page)).toEqual([])
  })

  test('what is the case is saved as a file, and loaded from it', async () => {
    const page = await open()
    await pages.rig.control('POST', '/people', { name: 'Mallory', number: '447700900777' })
    await page.getByRole('tab', { name: 'Faults' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as a file' }).click(),
    ])
    pages.rig.world.reset()
    await page.getByText('Mallory').waitFor({ state: 'detached' })
    await page.getByLabel('Scenario file').setInputFiles(await download.path())
    await page.getByText('Mallory').waitFor()
  })
})
