import { alertRequestQueue, switchboardConfig } from '@switchboard/contracts'
import { createProducer, queuePrefix } from '@switchboard/queue'
import { createLogger } from '@switchboard/runtime'
import { createAlerts, createIdempotency } from '@switchboard/store'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createServer } from '../../services/ingress/src/app.ts'
import { alertmanagerRoutes } from '../../services/ingress/src/routes/alertmanager.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const sms = (id_num: string) => ({ type: 'sms', id_num })
const settings = switchboardConfig.parse({
  senders: { sms: '447700900000' },
  policies: { oncall: { users: [{ name: 'Tony', channels: [sms('447700900011'), sms('447700900012')] }] } },
})

let redis: TestRedis
let cleanup: AsyncDisposableStack
let requests: Queue
beforeAll(async () => {
  cleanup = new AsyncDisposableStack()
  redis = cleanup.use(await openTestRedis())
  const { name } = alertRequestQueue
  requests = new Queue(name, { connection: redis.client, prefix: queuePrefix(name) })
  cleanup.defer(() => requests.close())
})
beforeEach(() => redis.flush())
afterAll(() => cleanup.disposeAsync())

/** One replica of ingress. `beforeAsking`: what happens between its decision and its request for the alert. */
async function ingress(beforeAsking: () => Promise<unknown> = async () => undefined) {
  const producer = cleanup.use(createProducer(alertRequestQueue, redis.client))
  const app = await createServer({
    log: createLogger('ingress', 'silent'),
    countShed: () => undefined,
    rateLimitPerMinute: 100_000,
    trustProxy: false,
  })
  cleanup.defer(() => app.close())
  alertmanagerRoutes(app, {
    alertSettings: settings,
    alertRequests: {
      isPending: (id) => producer.isPending(id),
      enqueue: async (request) => {
        await beforeAsking()
        await producer.enqueue(request)
      },
    },
    attention: { enqueue: async () => undefined },
    alerts: createAlerts(redis.client),
    idempotency: createIdempotency(redis.client),
    now: Date.now,
  })
  return async (status: 'firing' | 'resolved', groupKey = 'disk') => {
    const payload = { version: '4', status, groupKey, alerts: [] }
    const answer = await app.inject({ method: 'POST', url: '/api/alerts/alertmanager/oncall', payload })
    expect(answer.statusCode).toBe(202)
    return answer.json<{ id: string; outcome: string }>()
  }
}

const asked = async () => (await requests.getJobs(['waiting'])).map(({ id }) => id)

it('two Alertmanagers that post one group together start one alert', async () => {
  const [first, second] = [await ingress(), await ingress()]
  for (let race = 0; race < 100; race += 1) {
    const group = `group ${race}`
    const answers = await Promise.all([first('firing', group), second('firing', group)])
    expect(answers[0].id).toBe(answers[1].id)
  }
  expect(await asked()).toHaveLength(100)
})

it('one that posts while another one has decided, but not yet asked for the alert, means the same one', async () => {
  const second = await ingress()
  const answers: { id: string }[] = []
  const first = await ingress(async () => answers.push(await second('firing')))
  answers.push(await first('firing'))
  expect(answers).toHaveLength(2)
  expect(await asked()).toEqual([answers[0]?.id])
  expect(answers[1]?.id).toBe(answers[0]?.id)
})

it('one that died before it asked is made good by the next one', async () => {
  const dying = await ingress(() => Promise.reject(new Error('killed')))
  await expect(dying('firing')).rejects.toThrow('202')
  const { id } = await (await ingress())('firing')
  expect(await asked()).toEqual([id])
})

it('what fires after it was resolved is another alert, whoever says late that it is resolved', async () => {
  const [first, second] = [await ingress(), await ingress()]
  const { id } = await first('firing')
  expect(await first('resolved')).toEqual({ id, outcome: 'ended' })
  expect(await second('resolved')).toMatchObject({ outcome: 'nothing-open' })
  const next = await second('firing')
  expect(next).toMatchObject({ outcome: 'started' })
  expect(next.id).not.toBe(id)
  // As a slower one would, that read the group before.
  await createAlerts(redis.client).leaveGroup('oncall:disk', id)
  expect(await first('firing')).toEqual({ id: next.id, outcome: 'joined' })
})

it('the name of a group may be as long as Alertmanager makes it: what differs at its end is another group', async () => {
  const send = await ingress()
  const [one, other] = [`${'{alertname="disk"}'.repeat(60)}1`, `${'{alertname="disk"}'.repeat(60)}2`]
  const { id } = await send('firing', one)
  expect(await send('firing', one)).toEqual({ id, outcome: 'joined' })
  expect(await send('firing', other)).toMatchObject({ outcome: 'started' })
  expect(await send('resolved', one)).toEqual({ id, outcome: 'ended' })
})
