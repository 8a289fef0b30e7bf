import { describe, expect, inject } from 'vitest'

import { connectConsole } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import { inBrowser } from '../support/in-browser.ts'
import { connectSimulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

const { console: url, consolePassword: password, simulator: simulatorUrl } = inject('stack')

const simulator = connectSimulator(simulatorUrl)
const api = createSwitchboardApi(inject('stack'))
inBrowser('the overview begins with who is there', async ({ page }) => {
  await page.goto('/')
  const services = page.getByRole('region', { name: 'Services' })
  for (const name of [
    'console',
    'echo',
    'failover',
    'feeds',
    'inbound-router',
    'ingress',
    'notifications',
    'outbound',
  ]) {
    await services.getByRole('listitem').filter({ hasText: name }).getByText('started').waitFor()
  }
  await services.getByText('all of version').waitFor()
  // With compose other tests keep a service from working meanwhile: then it says so, truly.
  if (inject('stack').kind === 'given') return
  expect(await page.getByText('is not running').count()).toBe(0)
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

inBrowser('what is said of a notification is what became of it', async ({ page }) => {
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
})

describe('people', () => {
  inBrowser('a person’s page: subscription, consent, messages, export, erase', async ({ page }) => {
    const phone = simulator.phone('sms')
    await phone.sends('MSFT')
    await phone.expects(/You now receive MSFT/)
    await page.goto('/')
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
    // The simulator broke once only.
    await page
      .getByRole('status')
      .getByText(/^\d+ worked$/)
      .waitFor()
    await page.reload()
    await page
      .getByRole('status')
      .getByText(/^\d+ worked$/)
      .waitFor()

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
