import { describe, expect, onTestFinished, test } from 'vitest'

import { findBrowser } from './browser.ts'
import { answerCalls } from './echo-application.ts'
import { ALICE, alice, usePages } from './use-pages.ts'

/** Skipped where there is no chromium. */
describe.skipIf(findBrowser() === null)('calls on the page', () => {
  const pages = usePages()
  const { open } = pages

  test('a call: the microphone goes out, the echo comes back', async () => {
    const calls = await answerCalls(pages.rig)
    onTestFinished(() => calls[Symbol.asyncDispose]())
    const page = await open({ permissions: ['microphone'] })
    await alice(page).getByRole('button', { name: 'Call our number' }).click()
    await alice(page).getByText('Everything you say').waitFor()
    await alice(page).getByText('microphone').waitFor()
    for (const name of ['You level', 'Echo level']) {
      const meter = alice(page).getByRole('meter', { name })
      const level = async () => Number(await meter.getAttribute('aria-valuenow'))
      await expect.poll(level).toBeGreaterThan(20)
    }
    await alice(page).getByRole('button', { name: '5', exact: true }).click()
    await alice(page).getByRole('button', { name: 'Hang up' }).click()
    await alice(page).getByText('Call ended').waitFor()
    const completed = pages.rig.application.received.filter(({ body }) => body.status === 'completed')
    expect(completed.length).toEqual(2)
  })

  test('a call from the application rings on the phone', async () => {
    const page = await open()
    pages.rig.world.clock.set({ speed: 1 })
    await pages.rig.vonage('POST', '/v1/calls', {
      to: [{ type: 'phone', number: ALICE }],
      from: { type: 'phone', number: '447700900000' },
      ncco: [
        { action: 'talk', text: 'The database is down.' },
        { action: 'input', type: ['speech'], speech: { startTimeout: 60 } },
        { action: 'wait', timeout: 600 },
      ],
    })
    await alice(page).getByRole('button', { name: 'Answer' }).click()
    await alice(page).getByText('The database is down.').waitFor()
    await alice(page).getByRole('textbox', { name: 'Say something' }).fill('I am on my way')
    await page.keyboard.press('Enter')
    await pages.rig.application.next(({ rawBody }) => rawBody.includes('I am on my way'))
    await alice(page).getByRole('button', { name: 'Hang up' }).click()
    await alice(page).getByText('Call ended').waitFor()
    await alice(page).getByRole('button', { name: 'Close' }).click()
    await alice(page).locator('.home').waitFor()
  })

  test('a phone that rings already is seen when the page is opened, and in the list when it is not on the stage', async () => {
    pages.rig.world.clock.set({ speed: 1 })
    const ring = (number: string) =>
      pages.rig.vonage('POST', '/v1/calls', {
        to: [{ type: 'phone', number }],
        from: { type: 'phone', number: '447700900000' },
        ncco: [{ action: 'talk', text: 'The database is down.' }],
      })
    await ring(ALICE)
    const page = await open()
    await alice(page).getByRole('button', { name: 'Answer' }).click()
    await alice(page).getByText('The database is down.').waitFor()
    await page.locator('#new-phone input').fill('447700900055')
    await page.keyboard.press('Enter')
    const other = page.locator('.phone', { hasText: '7700 900055' })
    await other.waitFor()
    const inList = page.locator('#people button', { hasText: '7700 900055' })
    await inList.click()
    await other.waitFor({ state: 'detached' })
    await ring('447700900055')
    await inList.getByRole('img', { name: 'rings' }).waitFor()
    await inList.click()
    await other.getByRole('button', { name: 'Decline' }).click()
    await inList.getByRole('img', { name: 'rings' }).waitFor({ state: 'detached' })
  })
})
