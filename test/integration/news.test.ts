import { planOf, policy, switchboardConfig } from '@switchboard/contracts'
import { createFollowUps } from '@switchboard/store'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { readNews } from '../../services/console/src/news.ts'
import type { News } from '../../services/console/src/news.ts'
import { alertServices } from '../support/alert-services.ts'
import { openTestRedis } from '../support/redis.ts'

/** The alert of this test has the longest time: of all that walk it is due last. */
const planWith = (expiry_time: number) => {
  const channels = ['447700900010', '447700900020'].map((id_num) => ({ type: 'sms', id_num, expiry_time }))
  return planOf(policy.parse({ users: [{ name: 'Tony', channels }] }), 'oncall')
}

const cleanup = new AsyncDisposableStack()
afterAll(() => cleanup.disposeAsync())
let failover: ReturnType<ReturnType<typeof alertServices>>
let news: () => Promise<News[]>
beforeAll(async () => {
  const { client } = cleanup.use(await openTestRedis())
  failover = alertServices({ now: Date.now, settings: switchboardConfig.parse({}), sent: [] })(client, cleanup)
  const sources = { alerts: failover.alerts, followUps: createFollowUps(client) }
  news = () => readNews(sources, Date.now())
  for (let n = 0; n < 30; n++)
    await failover.walker.begin({ id: `alert-${n}`, text: `Host ${n}`, plan: planWith(60), createdAt: Date.now() })
})

const titled = async (title: string) => (await news()).filter((each) => each.title === title)
const codeOf = async (id: string) => (await failover.alerts.get(id))?.code
/** Neither of Tony's numbers is reached. */
async function fails(alertId: string): Promise<void> {
  const alert = await failover.alerts.get(alertId)
  for (const channel of [0, 1]) {
    const evidence = {
      kind: 'outcome',
      state: 'rejected',
      step: { ...alert?.step, round: 0, user: 0, alertId, channel },
    }
    const evidenceId = `${alertId}-${alert?.step.pass}-${channel}`
    await failover.walker.attention({ alertId, at: Date.now(), evidenceId, evidence: Object(evidence) })
  }
}

test('an alert that has begun is told, however many are due before it', async () => {
  const text = 'Database down. '.repeat(20)
  await failover.walker.begin({ id: 'newest', text, plan: planWith(600), createdAt: Date.now() })
  const [told] = await titled(`Alert ${await codeOf('newest')}`)
  expect(told).toMatchObject({ words: `${text.slice(0, 119)}…`, href: '/alerts/newest' })
})

test('one that nobody answered is told, however many walk, and again when it is given up again', async () => {
  await fails('alert-0')
  const title = `Nobody answered ${await codeOf('alert-0')}`
  const [first] = await titled(title)
  expect(first).toMatchObject({ words: 'Host 0', href: '/alerts/alert-0' })

  const act = { kind: 'hand-over' as const, to: 'Tony' }
  const evidence = { kind: 'act' as const, act, by: { how: 'api' as const, name: 'Ann' } }
  await failover.walker.attention({ alertId: 'alert-0', at: Date.now(), evidenceId: 'handed', evidence })
  expect(await titled(title)).toEqual([])
  await fails('alert-0')
  const [second] = await titled(title)
  expect(second?.words).toBe('Host 0')
  expect(second?.id).not.toBe(first?.id)
})
