import type { Alert } from '@switchboard/contracts'
import { createAlerts } from '@switchboard/store'
import { expect, test } from 'vitest'

import { openSharedBrowser } from '../support/browser.ts'
import { connectConsole, createAccount } from '../support/console-client.ts'
import { columnsOutOfSight, openConsole, widthProblems } from '../support/console-page.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'

const TOPIC = 'WETTERWARNUNGENFUERDENALPENRAUM'
const NOTIFICATION = 'donaudampfschifffahrtsgesellschaftskapitaen'
const POLICY = 'Rechenzentrumsbereitschaftsdienst-Sued-und-West'
const NAME = 'Bartholomäus <img/src=x/onerror="document.title=\'Donnersmarck\'"> von Schwarzenberg-Wittgenstein'
const NUMBER = '447700900111'
const users = [{ name: NAME, channels: ['sms', 'whatsapp'].map((type) => ({ type, id_num: NUMBER })) }]

const config = {
  senders: { sms: '447700900000', whatsapp: '447700900001' },
  feeds: { [TOPIC]: { source: 'push' } },
  notifications: { [NOTIFICATION]: { text: `Hallo {name}: ${'日本語'.repeat(30)}`, options: { '1': 'ja' } } },
  policies: { [POLICY]: { users } },
}

const now = Date.now()
const alert: Alert = {
  id: 'alert-long',
  code: 'A1',
  text: `Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung https://example.org/${'path'.repeat(60)}`,
  planId: '',
  state: 'exhausted',
  createdAt: now - 60_000,
  step: { round: 0, user: 0, channel: 1 },
  dueAt: now,
  resends: 0,
  timeline: [
    { at: now - 60_000, event: 'started' },
    { at: now - 60_000, event: 'contacting', step: [0, 0, 0] },
    { at: now, event: 'failed', step: [0, 0, 1], reason: 'z'.repeat(200) },
    { at: now, event: 'exhausted' },
  ],
}

/** Long words on every page that shows what others have named. Resolves to the paths of those pages. */
async function fill({ url, password, redis }: ConsoleService): Promise<string[]> {
  const admin = await connectConsole(url, password)
  await admin.post(`/people/tel.${NUMBER}/name`, { name: NAME })
  await createAccount(url, admin, {
    name: 'bartholomaeus.von.donnersmarck-schwarzenberg-wittgenstein',
    role: 'operator',
  })
  await admin.post('/tokens', { name: 'deploy-pipeline-of-the-southern-region', days: '365', scope: 'alerts:write' })
  const csv = `to,name\n+${NUMBER},${'x'.repeat(60)}\n+447700900112,Ada\nnonsense,Ada\n`
  const upload = await admin.post('/mailings', {
    label: 'y'.repeat(80),
    notification: NOTIFICATION,
    channel: 'sms',
    csv,
  })
  const alerts = createAlerts(redis.client)
  const planId = await alerts.savePlan({
    policy: POLICY,
    users: [
      {
        name: NAME,
        channels: [
          { channel: 'sms', to: NUMBER, expirySeconds: 600, condition: 'read' },
          { channel: 'whatsapp', to: NUMBER, expirySeconds: 600, condition: 'read' },
        ],
        finalWaitSeconds: 600,
      },
    ],
    repeat: 0,
    announce: false,
    engine: 'local',
  })
  await alerts.change(alert.id, () => ({ ...alert, planId }))
  await alerts.listEnded(alert)
  return [
    '/',
    '/alerts?show=all',
    `/alerts/${alert.id}`,
    '/notifications',
    '/people',
    `/people?topic=${TOPIC}`,
    `/people/tel.${NUMBER}`,
    '/configuration',
    '/accounts',
    '/tokens',
    '/account',
    '/mailings',
    String(upload.headers.get('location')),
  ]
}

test('long names and words: nothing is too wide, cut, or out of sight', async (context) => {
  const browser = await openSharedBrowser()
  if (!browser) return context.skip('there is no Chromium here')
  await using service = await startConsoleService({}, undefined, config)
  const paths = await fill(service)
  const { page } = await openConsole(browser, service)
  const problems: string[] = []
  for (const path of paths) {
    expect((await page.goto(path, { waitUntil: 'domcontentloaded' }))?.status()).toBe(200)
    for (const width of [1_440, 900, 390]) {
      problems.push(...(await widthProblems(page, width)), ...(await columnsOutOfSight(page)))
    }
  }
  await browser.close()
  expect(problems).toEqual([])
})
