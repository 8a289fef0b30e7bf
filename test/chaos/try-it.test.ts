import { resolve } from 'node:path'

import { expect, inject, test } from 'vitest'

import { openSharedBrowser } from '../support/browser.ts'
import { openSimulatorPage } from '../support/simulator-page.ts'
import { startTestStack } from '../support/test-stack.ts'

const TWO_MINUTES_MS = 120_000

/** Here because it waits for real time: the shipped configuration, as whoever runs `npm start` meets it. */
test('from the first look at the page to the second person: under two minutes, by one click', async ({ skip }) => {
  await using browser = await openSharedBrowser()
  if (!browser) return skip('there is no Chromium here')
  await using stack = await startTestStack({
    redisServerUrl: inject('redisUrl'),
    env: { SWITCHBOARD_CONFIG: resolve(import.meta.dirname, '../../switchboard.config.json') },
  })
  const startedAt = Date.now()
  await using opened = await openSimulatorPage(browser, stack.addresses.simulator)
  await opened.page.getByRole('button', { name: 'Start the demo alert' }).click()
  const second = opened.page.locator('.walk-headline', { hasText: 'Michael’s WhatsApp rings' })
  await second.waitFor({ timeout: TWO_MINUTES_MS })
  const tookMs = Date.now() - startedAt
  console.log(`The second person was reached ${Math.round(tookMs / 1_000)} s after the page was opened`)
  expect(tookMs).toBeLessThan(TWO_MINUTES_MS)
  expect(opened.errors).toEqual([])
})
