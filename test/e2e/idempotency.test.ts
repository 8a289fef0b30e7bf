import { beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { newAddress } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'

let api: SwitchboardApi
beforeAll(() => {
  api = createSwitchboardApi(inject('stack'))
})

const users = () => [
  {
    name: 'Tony',
    channels: [
      { type: 'sms', id_num: newAddress('sms') },
      { type: 'sms', id_num: newAddress('sms') },
    ],
  },
]

/** A request for every POST of the API that has an effect. */
const requests: Record<string, () => Promise<{ path: string; body: object }>> = {
  '/api/alerts': async () => ({ path: '/api/alerts', body: { users: users(), text: 'once' } }),
  ...Object.fromEntries(
    Object.entries({
      acknowledge: { by: 'Ann' },
      pass: { by: 'Ann' },
      note: { text: 'The door code is 1234' },
      'hand-over': { to: 'Tony' },
      snooze: { minutes: 5 },
      resolve: {},
    }).map(([name, body]) => [
      `/api/alerts/{id}/${name}`,
      async () => {
        const { id } = z.object({ id: z.string() }).parse(await api.post('/api/alerts', { users: users(), text: name }))
        return { path: `/api/alerts/${id}/${name}`, body }
      },
    ]),
  ),
  '/api/alerts/alertmanager/{policy}': async () => ({
    path: '/api/alerts/alertmanager/oncall',
    // Longer than anything that a key in Redis or a job may hold.
    body: { groupKey: `{}:{${newAddress('sms').repeat(50)}}`, status: 'firing', alerts: [] },
  }),
  '/api/feeds/{topic}/updates': async () => ({ path: '/api/feeds/NEWS/updates', body: { value: '1' } }),
  '/api/messages': async () => ({ path: '/api/messages', body: { to: `+${newAddress('sms')}`, text: 'once' } }),
  '/api/notifications': async () => ({
    path: '/api/notifications',
    body: { to: `+${newAddress('sms')}`, template: 'delivery' },
  }),
}
/** Its effect is the same however often it is sent. */
const repeatable = ['/api/follow-ups/{id}/done']
/**
 * The one needs a job that has failed: kept-webhooks.test.ts shows it. A token is told once: whoever asks for the same name again
 * hears that it is taken.
 */
const shownElsewhere = ['/api/failed-jobs/{queue}/{id}/retry', '/api/tokens']

test('every POST that is sent again with its Idempotency-Key is the same request', async () => {
  const description = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(await api.get('/openapi.json'))
  const posts = Object.entries(description.paths).flatMap(([path, methods]) => ('post' in methods ? [path] : []))
  expect(posts.length).toBeGreaterThan(4)
  for (const post of posts.filter((path) => ![...repeatable, ...shownElsewhere].includes(path))) {
    const build = requests[post]
    if (!build) throw new Error(`Nothing here shows that POST ${post} may be sent again`)
    const { path, body } = await build()
    const headers = { 'idempotency-key': newAddress('sms') }
    const first = z.object({ id: z.string() }).parse(await api.post(path, body, headers))
    expect(await api.post(path, body, headers), post).toMatchObject({ id: first.id })
  }
})
