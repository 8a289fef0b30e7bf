import { beforeAll, describe, expect, inject, test } from 'vitest'

import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

const { console: url, consolePassword, consoleViewerPassword } = inject('stack')

const pages = [
  '/',
  '/alerts',
  '/alerts?show=all',
  '/alerts/new',
  '/notifications',
  '/notifications.csv',
  '/held',
  '/people',
  '/people?topic=MSFT',
  '/people/tel.447700900000',
  '/people/tel.447700900000/export',
  '/calls',
  '/messages',
  '/failed',
  '/audit',
  '/configuration',
  '/search?q=447700900000',
  '/queues/',
  '/queues/queue/outbound-sms',
]
const streams = ['/live', '/alerts/live', '/notifications/live', '/failed/live', '/messages/live', '/calls/live']
const boardApi = ['/queues/api/queues', '/queues/read-only/api/queues', '/queues/api/redis/stats']

let alertId: string
beforeAll(async () => {
  const answer = await createSwitchboardApi(inject('stack')).post('/api/alerts', {
    policy: 'oncall',
    text: 'Disk full',
  })
  alertId = String(Object(answer).id)
})

describe('logged out', () => {
  let nobody: ConsoleClient
  beforeAll(async () => {
    nobody = await connectConsole(url)
  })

  test.for([...pages, '/nothing/here'])('%s leads to the login', async (path) => {
    const response = await nobody.get(path)
    expect([response.status, response.headers.get('location')]).toEqual([302, `/login?to=${encodeURIComponent(path)}`])
    expect(await response.text()).toBe('')
  })

  test.for([...streams, ...boardApi])('%s is refused', async (path) => {
    const response = await nobody.get(path, { accept: '*/*' })
    expect(response.status).toBe(401)
    expect(await response.text()).not.toContain('outbound')
  })

  test.for([
    ['POST', '/alerts'],
    ['POST', '/notify'],
    ['POST', '/failed'],
    ['POST', '/people/tel.447700900000/erase'],
    ['PUT', '/queues/api/queues/outbound-sms/pause'],
    ['DELETE', '/queues/api/queues/outbound-sms/obliterate'],
  ])('%s %s is refused', async ([method = '', path = '']) => {
    expect((await nobody.send(method, path)).status).toBe(401)
  })

  test('a cookie of somebody else’s making opens nothing', async () => {
    const headers = { cookie: 'switchboard_session=eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcGVyYXRvciJ9.' }
    expect((await nobody.get('/', headers)).status).toBe(302)
  })

  test('a wrong password opens nothing', async () => {
    const body = new URLSearchParams({ password: `${consolePassword}x` })
    const response = await fetch(`${url}/login`, { method: 'POST', redirect: 'manual', body })
    expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null])
  })
})

describe('a viewer', () => {
  let viewer: ConsoleClient | undefined
  beforeAll(async () => {
    if (consoleViewerPassword) viewer = await connectConsole(url, consoleViewerPassword, 'Vera')
  })

  test.for(pages.filter((path) => !path.startsWith('/queues') && !path.startsWith('/search')))(
    'sees %s',
    async (path, context) => {
      if (!viewer) return context.skip('no password for viewers')
      expect((await viewer.get(path)).status).toBe(200)
    },
  )

  test.for([
    ['/alerts', { policy: 'oncall', text: 'hello' }],
    ['/alerts/:id/acknowledge', {}],
    ['/alerts/:id/cancel', {}],
    ['/alerts/:id/act', { act: 'pass' }],
    ['/notify', { number: '+447700900123', channel: 'sms', name: 'delivery' }],
    ['/failed', { action: 'discard', scope: 'fitting' }],
    ['/people/tel.447700900000/erase', { confirm: '447700900000' }],
    ['/people/tel.447700900000/consent', { state: 'out' }],
  ] as const)('may not POST %s', async ([path, fields], context) => {
    if (!viewer) return context.skip('no password for viewers')
    const response = await viewer.post(path.replace(':id', alertId), fields)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('viewer')
  })

  test('has a board that only reads, and cannot change a queue by its API', async (context) => {
    if (!viewer) return context.skip('no password for viewers')
    const board = await viewer.get('/queues/')
    expect(board.headers.get('location')).toBe('/queues/read-only/')
    const { queues } = Object(await (await viewer.get('/queues/read-only/api/queues')).json())
    expect(queues.length).toBeGreaterThan(20)
    for (const queue of queues) expect(queue).toMatchObject({ readOnlyMode: true })
    for (const prefix of ['/queues', '/queues/read-only']) {
      expect((await viewer.send('PUT', `${prefix}/api/queues/outbound-sms/pause`)).status).toBe(403)
    }
  })
})

describe('an operator', () => {
  let operator: ConsoleClient
  beforeAll(async () => {
    operator = await connectConsole(url, consolePassword)
  })

  test('sends nothing without the token of a form of this session', async () => {
    const other = await connectConsole(url, consolePassword, 'Eve')
    for (const _form of ['', 'x', await other.formToken()]) {
      const response = await operator.post(`/alerts/${alertId}/cancel`, { _form })
      expect(response.status).toBe(403)
    }
  })

  test.for([{ origin: 'https://evil.test' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }] as Record<
    string,
    string
  >[])('a form from elsewhere is refused: %j', async (headers) => {
    expect((await operator.post(`/alerts/${alertId}/cancel`, {}, headers)).status).toBe(403)
    expect((await operator.send('PUT', '/queues/api/queues/outbound-sms/pause', headers)).status).toBe(403)
  })

  test('pauses and resumes a queue on the board, and the trail says so', async () => {
    for (const action of ['pause', 'resume']) {
      expect((await operator.send('PUT', `/queues/api/queues/unrecognised-webhook/${action}`)).status).toBe(200)
    }
    await eventually(async () => {
      const trail = await (await operator.get('/audit?who=ada')).text()
      expect(trail).toContain('queues/unrecognised-webhook/pause')
      expect(trail).toContain('queues/unrecognised-webhook/resume')
    })
    const others = await (await operator.get('/audit?who=nobody-of-this-name')).text()
    expect(others).not.toContain('queues/unrecognised-webhook/pause')
  })

  test('after the logout the cookie is worthless', async () => {
    const leaving = await connectConsole(url, consolePassword)
    expect((await leaving.get('/alerts')).status).toBe(200)
    expect((await leaving.post('/logout', {})).status).toBe(303)
    expect((await leaving.get('/alerts')).status).toBe(302)
  })

  test('pages send no scripts, styles or frames of others, and are not kept', async () => {
    const { headers } = await operator.get('/')
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
  })
})
