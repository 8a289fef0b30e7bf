import { expect, inject } from 'vitest'

import { eventually } from '../support/eventually.ts'
import { inBrowser } from '../support/in-browser.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

const simulator = connectSimulator(inject('stack').simulator)
const api = createSwitchboardApi(inject('stack'))

async function startAlert(channels: string[], address: string): Promise<string> {
  const users = [{ name: 'Tony', channels: channels.map((type) => ({ type, id_num: address })) }]
  const { id } = Object(await api.post('/api/alerts', { users, text: 'Pump stopped' }))
  await eventually(() => api.get(`/api/alerts/${id}`))
  return String(id)
}

inBrowser('from the overview to a queue, to a job of it in Bull Board, and back', async ({ page }) => {
  const phone = simulator.phone('sms')
  await phone.sends('hello')
  await phone.expects(/MSFT/)
  await page.goto('/')
  await page
    .getByRole('region', { name: /^Queues/ })
    .first()
    .waitFor()
  if (!(await page.getByRole('link', { name: 'outbound-sms' }).isVisible())) await page.getByText(/\d+ idle/).click()
  await page.getByRole('link', { name: 'outbound-sms' }).click()
  await page.getByRole('heading', { name: 'Queue outbound-sms' }).waitFor()
  await page.getByRole('img', { name: /^Jobs waiting over 24 hours: / }).waitFor()
  await page.getByRole('img', { name: /^Longest wait over 24 hours: / }).waitFor()
  await page.getByRole('navigation', { name: 'States' }).getByRole('link', { name: /^done/ }).click()
  const job = page.getByRole('region', { name: 'Jobs' }).getByRole('row').nth(1)
  const id = await job.getByRole('link').first().textContent()
  await job.getByRole('link').first().click()
  await page.waitForURL(`**/queues/queue/outbound-sms/${encodeURIComponent(id ?? '')}`)
  await page
    .getByText(id ?? '')
    .first()
    .waitFor()
  await page.getByRole('link', { name: 'Back to outbound-sms' }).click()
  await page.getByRole('heading', { name: 'Queue outbound-sms' }).waitFor()
})

inBrowser('a step of an alert leads to its message, its call, its job and its person', async ({ page }) => {
  const address = newAddress('sms')
  const id = await startAlert(['voice', 'sms'], address)
  await page.goto(`/alerts/${id}`)
  const step = page.getByRole('list', { name: 'Channels of Tony' }).getByRole('listitem').first()
  await step.getByRole('link', { name: 'call', exact: true }).click()
  await page.getByRole('region', { name: 'Leg' }).first().waitFor()
  await page.goBack()
  await step.getByRole('link', { name: 'job', exact: true }).click()
  await page.waitForURL('**/queues/queue/outbound-voice/**')
  await page.getByRole('link', { name: 'Back to outbound-voice' }).click()
  await page.getByRole('heading', { name: 'Queue outbound-voice' }).waitFor()
  await page.goto(`/alerts/${id}`)
  expect(await step.getByRole('link', { name: address }).getAttribute('href')).toBe(`/people/tel.${address}`)
  await step.getByRole('link', { name: 'contacted' }).click()
  await page.getByRole('link', { name: 'the call it was said in' }).waitFor()
  await page.getByRole('link', { name: 'in Bull Board' }).waitFor()
  await page.getByRole('link', { name: `alert ${id}` }).click()
  await page.getByRole('button', { name: 'Cancel' }).waitFor()
})
