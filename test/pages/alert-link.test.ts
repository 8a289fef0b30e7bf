import { mkdirSync } from 'node:fs'

import { expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import { openSharedBrowser } from '../support/browser.ts'
import { connectSimulator } from '../support/simulator.ts'

const pictures = '.vitest/pictures'
const simulator = connectSimulator(inject('stack').simulator)
const alerts = createAlertClient(inject('stack'))

test('the link shows a page that acknowledges by its button alone', async (context) => {
  const [phone, second] = [simulator.phone('sms'), simulator.phone('sms')]
  const people = [{ name: 'Tony', phones: [phone, second] }]
  const id = await alerts.start(people, 'Disk of db-7 is 97 % full <b>now</b>')
  const { text } = await phone.expects(/open http/)
  const url = /http\S+/.exec(text)?.[0] ?? ''

  const preview = await fetch(url)
  expect([preview.status, preview.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(await preview.text()).toContain('&lt;b&gt;now&lt;/b&gt;')
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
  expect((await fetch(`${url.slice(0, -2)}xx`)).status).toBe(404)
  expect((await fetch(`${url.slice(0, -2)}xx`, { method: 'POST' })).status).toBe(404)
  expect((await alerts.until(id, 'Tony/sms')).state).toBe('walking')

  const browser = await openSharedBrowser()
  if (!browser) return context.skip('the page needs Chromium')
  mkdirSync(pictures, { recursive: true })
  const page = await browser.newPage({ viewport: { width: 390, height: 700 } })
  await page.goto(url)
  await page.screenshot({ path: `${pictures}/acknowledge-open.png` })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: `${pictures}/acknowledge-open-dark.png` })
  // The button is under the thumb, and the text has not been scrolled away by it.
  const button = page.getByRole('button', { name: 'I have it' })
  expect((await button.boundingBox())?.y).toBeGreaterThan(500)
  expect((await page.locator('.message').boundingBox())?.y).toBeGreaterThan(0)
  expect(await page.getByRole('heading').textContent()).toMatch(/^Nobody has it yet/)
  await button.click()
  await page.getByRole('status').filter({ hasText: 'You have it. Nobody else is asked.' }).waitFor()
  await page.screenshot({ path: `${pictures}/acknowledge-thanks.png` })
  expect((await alerts.until(id, 'attended')).attendedBy).toMatchObject({ user: 'Tony', how: 'link' })
  await page.goto(url)
  expect(await page.getByRole('heading').textContent()).toBe('You have it.')
  expect(await page.getByRole('button', { name: 'I have it' }).count()).toBe(0)
  await page.getByText('Something else').click()
  await page.getByLabel('A note for whoever takes it').fill('It was the disk, see https://example.com/runbook.')
  await page.getByRole('button', { name: 'Keep the note' }).click()
  await page.getByRole('status').filter({ hasText: 'Your note is kept.' }).waitFor()
  await page.screenshot({ path: `${pictures}/acknowledge-attended.png`, fullPage: true })
  expect(await alerts.story(id)).toContain('note')
  await browser.close()
})
