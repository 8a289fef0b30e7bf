import { setTimeout as delay } from 'node:timers/promises'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { openBrowser } from '../support/browser.ts'
import { connectConsole } from '../support/console-client.ts'
import { openConsole } from '../support/console-page.ts'
import { eventually } from '../support/eventually.ts'
import { connectSimulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

const { console: url, consolePassword: password, simulator: simulatorUrl } = inject('stack')

const simulator = connectSimulator(simulatorUrl)
const api = createSwitchboardApi(inject('stack'))
let browser: Browser | undefined
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

const inBrowser = test.extend<{ page: Page }>({
  async page({ skip }, use) {
    if (!browser) return skip('there is no Chromium here')
    const { page, complaints } = await openConsole(browser, { url, password })
    await use(page)
    await page.context().close()
    // A form that is sent back with what is wrong is a 422.
    expect(complaints.filter((line) => !line.includes('422'))).toEqual([])
  },
})

describe('alerts', () => {
  inBrowser('started by hand, walk before one’s eyes, and end when they are acknowledged', async ({ page }) => {
    const [tony, priya] = [simulator.phone('sms'), simulator.phone('sms')]
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

  inBrowser('by policy; acknowledged by Ada, as the trail says', async ({ page }) => {
    await page.goto('/alerts/new')
    await page.getByLabel('Text').fill('Backup did not finish')
    await page.getByRole('button', { name: 'Start the alert' }).click()
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.locator('.notice', { hasText: 'Ada acknowledged it' }).waitFor()
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

describe('notifications', () => {
  inBrowser('sent by the form, answered, listed with the choice, in the CSV file', async ({ page }) => {
    const phone = simulator.phone('sms')
    await page.goto('/notifications')
    await page.getByLabel('Phone number').fill(`+${phone.address}`)
    await page.getByRole('button', { name: 'Notify' }).click()
    await page.getByText(`Notification sent to ${phone.address}`).waitFor()
    await phone.expects(/Your delivery is scheduled/)
    await phone.sends('2')
    const row = page.getByRole('row').filter({ hasText: phone.address })
    await row.getByText('Thursday').waitFor()

    const operator = await connectConsole(url, password)
    const csv = await (await operator.get(`/notifications.csv?address=${phone.address}`)).text()
    expect(csv.split('\r\n')[1]).toMatch(new RegExp(`^note-[^,]+,delivery,sms,${phone.address},answered,`))
    const others = await operator.get(`/notifications?address=${phone.address}&state=expired`)
    expect(await others.text()).toContain('No notifications that fit')
  })

  inBrowser('replies that nobody understands wait for a person, who chooses or answers', async ({ page }) => {
    const phone = simulator.phone('sms')
    await api.post('/api/notifications', { to: `+${phone.address}`, channel: 'sms', template: 'delivery' })
    await phone.expects(/Your delivery is scheduled/)
    for (const text of ['what?', 'who are you?', 'hm', 'please call me']) {
      await phone.sends(text)
      await phone.expects(/Sorry|passed your message on/)
    }
    await page.goto('/notifications')
    const card = page.getByRole('article').filter({ hasText: phone.address })
    await card.getByText('please call me').waitFor()
    page.once('dialog', (dialog) => void dialog.accept())
    await card.getByRole('button', { name: 'They mean 1' }).click()
    await phone.expects(/Thank you for picking option 1/)
    await eventually(async () => {
      await page.reload()
      expect(await card.count()).toBe(0)
    })

    const other = simulator.phone('sms')
    await other.sends('please stop texting me')
    await other.expects(/To end all messages from us/)
    await page.goto('/notifications')
    const wish = page.getByRole('article').filter({ hasText: other.address })
    await wish.getByRole('textbox').fill('Certainly. Reply STOP and we will.')
    await wish.getByRole('button', { name: 'Send' }).click()
    await other.expects(/Certainly. Reply STOP/)
  })
})

test('what is said of a notification is what became of it', async ({ skip }) => {
  if (!browser) return skip('there is no Chromium here')
  const { page } = await openConsole(browser, { url, password })
  const phone = simulator.phone('sms')
  await phone.sends('STOP')
  await phone.expects(/no more|not.*any more|opted out|stopped/i)
  await page.goto('/notifications')
  await page.getByLabel('Phone number').fill(`+${phone.address}`)
  await page.getByRole('button', { name: 'Notify' }).click()
  await page
    .getByRole('status')
    .filter({ hasText: `Not sent to ${phone.address}: opted out` })
    .waitFor()
  await page.getByRole('link', { name: 'Look at it' }).click()
  await page.getByRole('heading', { name: `Notification to ${phone.address}` }).waitFor()
  await page.context().close()
})

describe('people', () => {
  inBrowser('a person’s page: subscription, consent, messages, export, erase', async ({ page }) => {
    const phone = simulator.phone('sms')
    await phone.sends('MSFT')
    await phone.expects(/You now receive MSFT/)
    await page.getByRole('searchbox').fill(`+${phone.address}`)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: phone.address }).waitFor()
    await page.getByRole('row').filter({ hasText: 'SMS' }).getByRole('link', { name: 'MSFT', exact: true }).waitFor()
    await page.getByText('You now receive MSFT updates here').first().waitFor()

    await phone.sends('my door', { type: 'image', url: 'https://api-us.nexmo.com/v3/media/door', name: 'door.jpg' })
    await eventually(async () => {
      await page.reload()
      const sent = page.getByRole('list', { name: 'Messages' }).getByRole('listitem').filter({ hasText: '“my door”' })
      expect(await sent.count()).toBe(1)
      expect(await sent.getByRole('link', { name: 'door.jpg' }).getAttribute('href')).toContain('/v3/media/door')
      expect(await sent.textContent()).toContain('until')
    })

    await page.getByLabel('Message', { exact: true }).fill('Shall we come by at 5?')
    await page.getByRole('button', { name: 'Send' }).click()
    await phone.expects('Shall we come by at 5?')
    const written = page.getByRole('listitem').filter({ hasText: 'Shall we come by at 5?' })
    await written.getByText('delivered').waitFor()
    await phone.sends('yes please')
    await page.getByRole('listitem').filter({ hasText: 'yes please' }).waitFor()

    const operator = await connectConsole(url, password)
    const exported: unknown = await (await operator.get(`/people/tel.${phone.address}/export`)).json()
    expect(exported).toMatchObject({ address: phone.address, contacts: expect.any(Array), messages: expect.any(Array) })

    page.once('dialog', (dialog) => void dialog.accept())
    await page.getByRole('button', { name: 'Opt out' }).click()
    await page.getByText('opted out').first().waitFor()
    await phone.skips()
    await phone.expectsNothing(4_500)

    await page.getByText('Erase this person').click()
    await page.getByLabel('to confirm').fill(phone.address)
    await page.getByRole('button', { name: 'Erase for good' }).click()
    await page.getByText('is being erased').waitFor()
    await eventually(async () => {
      await page.reload()
      expect(await page.getByText('None on record.').count()).toBe(1)
    })
    // The opt-out outlives the record.
    expect(await page.getByText('Nothing is sent to this person.').count()).toBe(1)
  })

  inBrowser('subscribers by topic', async ({ page }) => {
    const phone = simulator.phone('whatsapp')
    await phone.sends('GOOGL')
    await phone.expects(/You now receive GOOGL/)
    await page.goto('/people')
    await page.getByRole('link', { name: /GOOGL/ }).click()
    await page.getByRole('row').filter({ hasText: phone.address }).getByText('WhatsApp').waitFor()
  })
})

inBrowser('messages by channel, state and purpose; one is sent again', async ({ page }) => {
  const phone = simulator.phone('whatsapp')
  await phone.sends('MSFT')
  await phone.expects(/You now receive MSFT/)
  await phone.expects(/^MSFT \d/)
  await page.goto('/messages')
  await page.getByRole('row').filter({ hasText: phone.address }).filter({ hasText: 'You now receive' }).waitFor()
  expect(await page.getByRole('row').filter({ hasText: phone.address }).filter({ hasText: 'feed' }).count()).toBe(0)
  await page.getByLabel('For', { exact: true }).selectOption('feed')
  await page.getByRole('row').filter({ hasText: phone.address }).first().waitFor()
  expect(await page.getByRole('row').filter({ hasText: 'You now receive' }).count()).toBe(0)
  await page.goto('/messages?channel=whatsapp&purpose=reply')
  await page.getByRole('row').filter({ hasText: phone.address }).getByRole('link', { name: 'You now receive' }).click()
  await page.getByRole('link', { name: 'Send again' }).click()
  await phone.sends('STOP')
  await phone.expects(/You will not receive/)
  await page.getByRole('button', { name: 'Send' }).click()
  const again = page.getByRole('listitem').filter({ hasText: 'message' }).filter({ hasText: 'You now receive' })
  await again.getByText('suppressed').waitFor()
})

describe('failed jobs', () => {
  inBrowser('found by their error, counted, given another try, discarded', async ({ page }) => {
    const rows = page.getByRole('row').filter({ has: page.getByRole('checkbox') })
    const letTwoFail = async () => {
      for (const phone of [simulator.phone('sms'), simulator.phone('sms')]) {
        await simulator.breaks({ target: 'send', kind: 'status', status: 422, address: phone.address })
        await phone.sends('hello')
      }
      await page.goto('/failed?queue=outbound-sms')
      await eventually(async () => expect(await rows.count()).toBeGreaterThanOrEqual(2))
    }
    await letTwoFail()
    const group = page.getByRole('list', { name: 'Equal errors' }).getByRole('listitem').first()
    await group.getByText('Vonage refuses this message').waitFor()
    await group.getByRole('button', { name: /^Retry these/ }).click()
    await page.getByText(/jobs? given another try/).waitFor()

    await letTwoFail()
    await page.reload()
    await page.getByText(/jobs? fits? the filter/).waitFor()
    const retry = page.getByRole('button', { name: /^Retry( \d+)?$/ })
    expect(await retry.isDisabled()).toBe(true)
    await rows.first().getByRole('checkbox').check()
    await retry.click()
    await page.getByText('1 job given another try').waitFor()

    page.once('dialog', (dialog) => void dialog.accept())
    await page.getByRole('button', { name: /^Discard all/ }).click()
    await page.getByText(/jobs? discarded/).waitFor()
    await expect
      .poll(async () => {
        await page.goto('/audit?action=job')
        return page.getByRole('row').filter({ hasText: 'job.discard' }).count()
      })
      .toBeGreaterThan(0)
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
