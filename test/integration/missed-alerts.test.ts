import { planOf, policy, switchboardConfig } from '@switchboard/contracts'
import type { AlertAttention } from '@switchboard/contracts'
import { createLogger } from '@switchboard/runtime'
import { createIdempotency } from '@switchboard/store'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { createServer } from '../../services/ingress/src/app.ts'
import { alertRoutes } from '../../services/ingress/src/routes/alerts.ts'
import { alertServices } from '../support/alert-services.ts'
import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'

const sms = (id_num: string) => ({ type: 'sms', id_num, expiry_time: 60 })
const users = ['Tony', 'Priya', 'Zoe'].map((name, at) => ({
  name,
  channels: [sms(`44770090001${at}`), sms(`44770090002${at}`)],
}))
const plan = planOf(policy.parse({ users }), 'oncall')

let cleanup: AsyncDisposableStack
let service: ConsoleService
let ada: ConsoleClient
let failover: ReturnType<ReturnType<typeof alertServices>>
beforeAll(async () => {
  cleanup = new AsyncDisposableStack()
  service = cleanup.use(await startConsoleService())
  ada = await connectConsole(service.url, service.password)
  const settings = switchboardConfig.parse({})
  failover = alertServices({ now: Date.now, settings, sent: [] })(service.redis.client, cleanup)
})
afterAll(() => cleanup.disposeAsync())

const tell = (alertId: string, evidence: AlertAttention['evidence'], evidenceId = `${alertId}-${evidence.kind}`) =>
  failover.walker.attention({ alertId, at: Date.now(), evidenceId, evidence })
/** Neither of their numbers is reached. */
async function fails(alertId: string, user: number, pass?: number): Promise<void> {
  for (const channel of [0, 1]) {
    const step = { alertId, round: 0, user, channel, ...(pass === undefined ? {} : { pass }) }
    await tell(alertId, { kind: 'outcome', step, state: 'rejected' }, `${alertId}-${user}-${channel}-${pass}`)
  }
}
async function nobodyAnswers(id: string, text: string): Promise<void> {
  await failover.walker.begin({ id, text, plan, createdAt: Date.now() })
  for (const user of users.keys()) await fails(id, user)
  expect((await failover.alerts.get(id))?.state).toBe('exhausted')
}
/** What stands first on the overview, without its markup. */
const missed = async () => {
  const page = await (await ada.get('/')).text()
  const section = /<section class="missed".*?<\/section>/s.exec(page)?.[0] ?? ''
  return section
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

test('an alert that nobody answered stands first on the overview, with who was asked, until somebody takes it', async () => {
  expect(await missed()).toBe('')
  await nobodyAnswers('alert-1', 'Disk full on db-1')
  await eventually(async () =>
    expect(await missed()).toMatch(
      /^Nobody answered A\d+ Disk full on db-1 Asked Tony, Priya, Zoe by policy oncall, given up .+ ago \. Acknowledge$/,
    ),
  )
  const list = await (await ada.get('/alerts')).text()
  expect(list).toContain('Open <span class="count">1</span>')
  expect(list).toContain('/alerts/alert-1')

  // A late note is no end of its own: it is not given up anew.
  const before = await failover.alerts.unanswered(Date.now(), 5)
  await tell('alert-1', { kind: 'act', act: { kind: 'note', text: 'still red' }, by: { how: 'api', name: 'Ann' } })
  expect(await failover.alerts.unanswered(Date.now(), 5)).toEqual(before)

  await tell('alert-1', { kind: 'link', user: 1 })
  await eventually(async () => expect(await missed()).toBe(''))
})

test('one that is handed over walks, and is back when nobody answers again', async () => {
  await nobodyAnswers('alert-2', 'Backup failed')
  const by = { how: 'api' as const, name: 'Ann' }
  await tell('alert-2', { kind: 'act', act: { kind: 'hand-over', to: 'Priya' }, by })
  expect(await failover.alerts.unanswered(Date.now(), 5)).toEqual([])
  const step = (await failover.alerts.get('alert-2'))?.step
  await fails('alert-2', 1, step?.pass)
  expect((await failover.alerts.get('alert-2'))?.state).toBe('exhausted')
  expect(await failover.alerts.unanswered(Date.now(), 5)).toEqual(['alert-2'])
})

test('that it is over counts as well; so does a week', async () => {
  const by = { how: 'api' as const, name: 'Ann' }
  await tell('alert-2', { kind: 'act', act: { kind: 'resolve' }, by }, 'alert-2-over')
  await nobodyAnswers('alert-3', 'Queue is long')
  const aWeekLater = Date.now() + 7 * 86_400_000
  expect(await failover.alerts.unanswered(Date.now(), 5)).toEqual(['alert-3'])
  expect(await failover.alerts.unanswered(aWeekLater, 5)).toEqual([])
  await failover.alerts.trimRecent(aWeekLater)
  expect(await failover.alerts.countUnanswered(Date.now())).toBe(0)
})

const enqueue = async () => undefined
/** How many the API says there are. */
async function countedByApi() {
  const limits = { countShed: () => undefined, rateLimitPerMinute: 1_000, trustProxy: false as const }
  const app = await createServer({ log: createLogger('ingress', 'silent'), ...limits })
  cleanup.defer(() => app.close())
  alertRoutes(app, {
    alertSettings: switchboardConfig.parse({}),
    alertRequests: { enqueue, isPending: async () => false },
    attention: { enqueue },
    alerts: failover.alerts,
    idempotency: createIdempotency(service.redis.client),
    now: Date.now,
  })
  const { open, unanswered } = (await app.inject({ url: '/api/alerts' })).json<Record<string, unknown>>()
  return { open, unanswered }
}

test('more than five are counted, the same by the overview and the API', async () => {
  for (const n of [4, 5, 6, 7, 8, 9]) await nobodyAnswers(`alert-${n}`, `Host ${n} is down`)
  await eventually(async () => {
    const shown = await missed()
    expect(shown).toMatch(/Host 9 is down.*Host 8 is down.*Host 5 is down.*All 6 that nobody answered$/)
    expect(shown).not.toContain('Host 4')
  })
  expect(await countedByApi()).toEqual({ open: 0, unanswered: 6 })
  const tile = /Open alerts<\/span><span class="value">(\d+)<\/span><span class="more">([^<]*)</
  expect(tile.exec(await (await ada.get('/')).text())?.slice(1)).toEqual(['6', '6 nobody answered'])
})
