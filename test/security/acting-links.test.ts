import { beforeAll, expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import type { Phone } from '../support/phone.ts'
import { connectSimulator } from '../support/simulator.ts'

// A viewer looks everywhere for the link by which somebody else acknowledges an alert.
const stack = inject('stack')
const simulator = connectSimulator(stack.simulator)
const alerts = createAlertClient(stack)
let viewer: ConsoleClient
let phone: Phone
let id: string
let token: string

beforeAll(async () => {
  viewer = await connectConsole(stack.console, stack.consoleViewerPassword)
  phone = simulator.phone('sms')
  id = await alerts.start([{ name: 'Tony', phones: [phone, simulator.phone('viber_service')] }], 'Main server down')
  const { text } = await phone.expects(/Main server down/)
  token = /\/a\/([\w.-]+)/.exec(text)?.[1] ?? ''
  expect(token.length).toBeGreaterThan(22)
})

test('the pages of the console show that there was a link, not which', async () => {
  const person = `/people/tel.${phone.address}`
  const paths = ['/messages', `/alerts/${id}`, person, `${person}/export`]
  await eventually(async () => expect(await (await viewer.get('/messages')).text()).toContain('/a/••••••'))
  for (const path of paths) expect(await (await viewer.get(path)).text(), path).not.toContain(token)
})

test('Bull Board shows the jobs without it', async () => {
  const path = '/queues/read-only/api/queues?activeQueue=outbound-sms&status=completed&jobsPerPage=50&page=1'
  const board = await eventually(async () => {
    const text = await (await viewer.get(path, { accept: 'application/json' })).text()
    expect(text).toContain('Main server down')
    return text
  })
  expect(board).toContain('/a/••••••')
  expect(board).not.toContain(token)
})

test('the API shows and exports it to nobody', async () => {
  for (const path of [
    `/api/alerts/${id}`,
    `/api/people?address=${phone.address}`,
    `/api/people/export?address=${phone.address}`,
  ]) {
    const answer = await alerts.ask('GET', path)
    expect(await answer.text(), path).not.toContain(token)
  }
})

test('the link itself acts, for whoever has it', async () => {
  const page = `${stack.ingress}/a/${token}`
  expect((await fetch(page)).status).toBe(200)
  expect((await fetch(page, { method: 'POST' })).status).toBe(200)
  await alerts.until(id, 'attended')
})

test.each(['constructor', '__proto__', 'toString'])('%s is neither a policy nor a notification', async (name) => {
  const started = await alerts.ask('POST', '/api/alerts', { policy: name, text: 'x' })
  expect(started.status).toBe(422)
  const notified = await alerts.ask('POST', '/api/notifications', { number: phone.address, template: name })
  expect(notified.status).toBe(422)
  expect((await alerts.ask('POST', `/api/alertmanager/${name}`, { alerts: [] })).status).toBeGreaterThanOrEqual(404)
})

test('one session gets only so many streams', async () => {
  const limits = new AbortController()
  const open = () => fetch(`${stack.console}/live`, { headers: viewer.headers, signal: limits.signal })
  const codes = (await Promise.all(Array.from({ length: 25 }, open))).map(({ status }) => status)
  limits.abort()
  expect(codes.filter((code) => code === 200)).toHaveLength(20)
  expect(codes.filter((code) => code === 503)).toHaveLength(5)
})

test('the simulator answers nobody who calls it by a name that was made to lead to it', async () => {
  const { hostname, port } = new URL(stack.simulator)
  const { request } = await import('node:http')
  const statusAs = (host: string, path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ hostname, port, path, headers: { host } }, (answer) =>
        resolve(answer.resume().statusCode),
      )
      asked.on('error', reject).end()
    })
  for (const path of ['/', '/snapshot', '/events', '/control/log']) {
    expect(await statusAs('rebound.attacker.example', path), path).toBe(403)
  }
  expect(await statusAs(`localhost:${port}`, '/snapshot')).toBe(200)
})
