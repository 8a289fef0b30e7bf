import { setTimeout as delay } from 'node:timers/promises'

import { describe, expect, inject } from 'vitest'

import { connectConsole } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import { inBrowser } from '../support/in-browser.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

const { console: url, consolePassword: password, simulator: simulatorUrl } = inject('stack')

const simulator = connectSimulator(simulatorUrl)
const api = createSwitchboardApi(inject('stack'))

describe('alerts', () => {
  inBrowser('started by hand, walk before one’s eyes, and end when they are acknowledged', async ({ page }) => {
    const [tony, priya] = [simulator.phone('sms'), simulator.phone('sms')]
    await page.goto('/')
    await page.getByRole('link', { name: 'Alerts', exact: true }).click()
    await page.getByRole('link', { name: 'Start an alert' }).click()
    await page.getByLabel('by hand').check()
    await page
      .getByLabel('People, one per line')
      .fill(`Tony: sms +${tony.address}, viber ${tony.address}\nPriya: sms ${priya.address}, viber ${priya.address}`)
    await page.getByLabel('Seconds to wait').fill('2')
    await page.getByLabel('Text').fill('Disk full on db-1')
    await page.getByRole('button', { name: 'Start the alert' }).click()

    await tony.expects(/Disk full on db-1/)
    await page.getByText('no answer within 2 s').first().waitFor()
    const tonys = page.getByRole('list', { name: 'Channels of Tony' })
    await tonys.getByRole('listitem').filter({ hasText: 'Viber' }).getByText('no answer within 2 s').waitFor()
    await priya.expects(/Disk full on db-1/)
    await page.getByRole('list', { name: 'Channels of Priya' }).getByText('waiting').waitFor()

    await priya.sends('ok, I look at it')
    await page.locator('.notice', { hasText: 'Priya replied on SMS' }).waitFor()
    await page.getByRole('list', { name: 'Channels of Priya' }).getByText('attention').waitFor()
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0)

    const alertPage = page.url()
    await page.getByRole('list', { name: 'Channels of Priya' }).getByRole('link', { name: 'contacted' }).first().click()
    await page.waitForURL('**/messages/*')
    await page.getByText(priya.address).first().waitFor()
    await page.goto(alertPage)
    await page.getByRole('link', { name: 'Start again' }).click()
    await page.getByRole('heading', { name: 'Start an alert' }).waitFor()
    expect(await page.getByLabel('Text').inputValue()).toBe('Disk full on db-1')
    expect(await page.getByLabel('People, one per line').inputValue()).toContain(`Priya: sms ${priya.address}`)
    expect(await page.getByLabel('by hand').isChecked()).toBe(true)
  })

  inBrowser('by policy, with a picture; acknowledged by Ada, as the trail says', async ({ page }) => {
    await page.goto('/alerts/new')
    await page.getByLabel('Text').fill('Backup did not finish')
    await page.getByLabel('Picture').fill('https://example.com/disk.png')
    await page.getByRole('button', { name: 'Start the alert' }).click()
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.locator('.notice', { hasText: 'Ada acknowledged it' }).waitFor()
    const picture = page.getByRole('link', { name: 'Open the picture that comes with it' })
    expect(await picture.getAttribute('href')).toBe('https://example.com/disk.png')
    const id = page.url().split('/').at(-1) ?? ''
    await page.getByRole('link', { name: 'Audit trail' }).click()
    const row = page.getByRole('row').filter({ hasText: id })
    expect((await row.allTextContents()).join()).toMatch(/alert\.acknowledge.*alert\.start/s)
  })

  inBrowser('cancelled only when the question is answered with yes', async ({ page }) => {
    const id = await startAlert()
    await page.goto(`/alerts/${id}`)
    page.once('dialog', (dialog) => void dialog.dismiss())
    await page.getByRole('button', { name: 'Cancel' }).click()
    await delay(300)
    expect(await api.get(`/api/alerts/${id}`)).toMatchObject({ state: 'walking' })
    page.once('dialog', (dialog) => void dialog.accept())
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.locator('.badge', { hasText: 'cancelled' }).first().waitFor()
    await page.getByText('cancelled by Ada').first().waitFor()
  })

  inBrowser('passed on, noted, handed over, put off and ended from its page', async ({ page }) => {
    const [tony, ann] = [simulator.phone('sms'), simulator.phone('sms')]
    await page.goto('/alerts/new')
    await page.getByLabel('by hand').check()
    await page
      .getByLabel('People, one per line')
      .fill(`Tony: sms +${tony.address}, viber ${tony.address}\nAnn: sms ${ann.address}, viber ${ann.address}`)
    await page.getByLabel('Text').fill('Pump stopped')
    await page.getByRole('button', { name: 'Start the alert' }).click()
    await tony.expects(/Pump stopped/)
    await page.getByRole('button', { name: 'Pass on' }).click()
    await ann.expects(/Pump stopped/)
    await page.getByLabel('Note').fill('the spare is in hall 2')
    await page.getByRole('button', { name: 'Keep the note' }).click()
    await page.getByText('the spare is in hall 2').first().waitFor()
    await page.getByLabel('Whom').selectOption('Tony')
    await page.getByRole('button', { name: 'Hand over' }).click()
    await tony.expects(/Pump stopped/)
    await page.getByLabel('For how long').selectOption('an hour')
    await page.getByRole('button', { name: 'Put off' }).click()
    await page
      .getByText(/put off/i)
      .first()
      .waitFor()
    page.once('dialog', (dialog) => void dialog.accept())
    await page.getByRole('button', { name: 'It is over' }).click()
    await expect.poll(() => page.getByRole('button', { name: 'Pass on' }).count()).toBe(0)
  })

  inBrowser('found by a word of it in two clicks, by state, and in the CSV file', async ({ page }) => {
    const word = `Compressor${newAddress('sms')}`
    const answer = Object(await api.post('/api/alerts', { policy: 'oncall', text: `${word} is hot` }))
    await eventually(() => api.get(`/api/alerts/${answer.id}`))
    await page.goto('/')
    await page.getByRole('searchbox').fill(word.toLowerCase())
    await page.keyboard.press('Enter')
    const row = page.getByRole('row').filter({ hasText: word })
    await row.waitFor()
    await page.getByLabel('State').selectOption('cancelled')
    await page.getByText('Nothing fits the filter').waitFor()
    const operator = await connectConsole(url, password)
    const file = await (await operator.get(`/alerts.csv?text=${word}&policy=oncall`)).text()
    expect(file.trim().split('\r\n')).toHaveLength(2)
    expect(file).toContain(`${answer.id},`)
  })

  inBrowser('what is missing is said, and what was typed is kept', async ({ page }) => {
    await page.goto('/alerts/new')
    await page.getByLabel('by hand').check()
    await page.getByLabel('People, one per line').fill('Tony: sms 447700900123')
    await page.getByLabel('Text').fill('hello')
    await page.getByRole('button', { name: 'Start the alert' }).click()
    await page.getByRole('alert').getByText('a user needs at least two channels').waitFor()
    expect(await page.getByLabel('People, one per line').inputValue()).toBe('Tony: sms 447700900123')
  })
})

async function startAlert(): Promise<string> {
  const phone = simulator.phone('sms')
  const channels = [
    { type: 'sms', id_num: phone.address },
    { type: 'whatsapp', id_num: phone.address },
  ]
  const answer = await api.post('/api/alerts', { users: [{ name: 'Tony', channels }], text: 'Something is wrong' })
  const { id } = Object(answer)
  await eventually(() => api.get(`/api/alerts/${id}`))
  return String(id)
}
