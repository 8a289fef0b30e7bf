import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request as send } from 'node:http'

import { may, role, roles } from '@switchboard/contracts'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { runScript } from '../support/command-line.ts'
import { chooseOwnPassword, connectConsole } from '../support/console-client.ts'
import { fill, routesOf as listRoutes } from '../support/routes-of.ts'
import type { Route } from '../support/routes-of.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

// Every door there is, as the processes themselves list them; a stranger and somebody of every role try each.
let stack: TestStack
beforeAll(async () => {
  stack = await startTestStack({ redisServerUrl: inject('redisUrl'), env: { LOG_LEVEL: 'debug' } })
})
afterAll(() => stack[Symbol.asyncDispose]())

const routesOf = (service: string) => listRoutes(service, stack.logFile)

async function ask(base: string, { method, url }: Route, headers: Record<string, string> = {}): Promise<string> {
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const answer = await fetch(`${base}${fill(url)}`, {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: '{}' } : {}),
    signal: AbortSignal.timeout(20_000),
  })
  await answer.body?.cancel()
  const isLogin = answer.status === 302 && answer.headers.get('location')?.startsWith('/login?')
  return isLogin ? 'login' : String(answer.status)
}

/**
 * What a stranger finds open on ingress. Whoever adds a route here says why it may be. The pages of alerts, of one (`/a/`) and
 * of several (`/b/`), are for whoever has their link, which nobody can guess; their script says nothing.
 */
const OPEN = /^(\/openapi\.json|\/docs(\/.*)?|\/signup(\/.*)?|\/a\/page\.js|\/[ab]\/:token(\/.*)?)$/

test('a stranger gets through no door of ingress but the pages', { timeout: 120_000 }, async () => {
  const routes = await routesOf('ingress')
  expect(routes.length).toBeGreaterThan(40)
  const closed = routes.filter(({ url }) => !OPEN.test(url))
  expect(closed.length).toBeGreaterThan(30)
  const wrong: string[] = []
  for (const route of closed) {
    const status = await ask(stack.addresses.ingress, route)
    // What is not signed is sent again, signed: 503. SMS are not signed with this simulator.
    const isSms = /sms|receipt|^\/update$/.test(route.url)
    if (!['401', '503'].includes(status) && !isSms) wrong.push(`${route.method} ${route.url} ${status}`)
  }
  expect(wrong).toEqual([])
})

const OPEN_AT_CONSOLE = /^(\/login|\/login\/code|\/logout|\/ticket|\/assets\/.*)$/

test('a stranger gets through no door of the console', { timeout: 120_000 }, async () => {
  const routes = (await routesOf('console')).filter(({ url }) => !OPEN_AT_CONSOLE.test(url))
  expect(routes.length).toBeGreaterThan(60)
  const wrong: string[] = []
  for (const route of routes) {
    for (const accept of ['text/html', 'application/json']) {
      const status = await ask(stack.addresses.console, route, { accept })
      if (!['401', 'login'].includes(status)) wrong.push(`${route.method} ${route.url} ${status}`)
    }
  }
  expect(wrong).toEqual([])
})

const created = z.object({ password: z.string() })

/** What of the console a role is refused because of what it is, asked for each route there is. */
async function refusedTo(name: string, password: string, routes: Route[]): Promise<string[]> {
  const { headers } = await connectConsole(stack.addresses.console, password, name)
  const refused: string[] = []
  for (const route of routes) {
    const { method, url } = route
    const isChange = !['GET', 'HEAD', 'OPTIONS'].includes(method)
    const answer = await fetch(`${stack.addresses.console}${fill(url)}`, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(isChange ? { 'content-type': 'application/json' } : {}) },
      ...(isChange ? { body: '{}' } : {}),
      signal: AbortSignal.timeout(60_000),
    })
    const isStream = answer.headers.get('content-type') === 'text/event-stream'
    const text = isStream ? '' : await answer.text()
    if (isStream) await answer.body?.cancel()
    if (answer.status === 401) throw new Error(`${name} is logged in no more at ${method} ${url}`)
    // A HEAD says no reason. Bull Board has another one to refuse it.
    const isRole = method === 'HEAD' ? !url.startsWith('/queues') : text.includes('This needs the role')
    if (answer.status === 403 && isRole) refused.push(describe(route))
  }
  return refused
}

/** What the command on the machine needs to know. */
function accountsEnvironment(): NodeJS.ProcessEnv {
  const { REDIS_URL, VONAGE_APPLICATION_ID_FILE } = stack.environment
  return { REDIS_URL, VONAGE_APPLICATION_ID_FILE }
}

const describe = ({ method, url }: Route) => `${method} ${url}`

test('a viewer, a responder, an operator and an admin get through the doors of their role, and no other', async () => {
  const routes = (await routesOf('console')).filter(({ url }) => !OPEN_AT_CONSOLE.test(url))
  expect(routes.length).toBeGreaterThan(60)
  const tries = roles.map(async (own) => {
    const name = `${own}-${randomUUID()}`
    const command = ['accounts', 'create', name, '--role', own, '--json']
    const { stdout } = await runScript(command, accountsEnvironment())
    const closed = routes.filter(({ needed }) => !may(own, role.parse(needed)))
    const password = await chooseOwnPassword(stack.addresses.console, {
      name,
      password: created.parse(JSON.parse(stdout)).password,
    })
    return { own, refused: await refusedTo(name, password, routes), closed: closed.map(describe) }
  })
  for (const { own, refused, closed } of await Promise.all(tries)) expect(refused, own).toEqual(closed)
})

test('nobody changes anything without a form of ours, nor a job by hand', async () => {
  const admin = await connectConsole(stack.addresses.console, stack.addresses.consolePassword)
  const changing = (await routesOf('console')).filter(
    (route) => !['GET', 'HEAD'].includes(route.method) && !OPEN_AT_CONSOLE.test(route.url),
  )
  expect(changing.length).toBeGreaterThan(15)
  const wrong: string[] = []
  for (const route of changing) {
    const path = fill(route.url)
    const isBoard = route.url.startsWith('/queues/')
    const edits = /add|update-data|delay|priority|job-schedulers|rate-limit|concurrency|obliterate|children/.test(path)
    const { status } = await admin.send(route.method, path)
    if ((!isBoard || edits) && status !== 403) wrong.push(`${describe(route)} ${status}`)
  }
  expect(wrong).toEqual([])
})

/** Exactly this target, which a browser would never send. */
async function statusOf(base: string, method: string, path: string, headers: Record<string, string>): Promise<number> {
  const { port, hostname } = new URL(base)
  const asked = send({ method, hostname, port, path, headers, agent: false })
  const [answer] = await once(asked.end('{}'), 'response')
  answer.resume()
  return z.number().parse(answer.statusCode)
}

test.each([
  ['POST', '/queues/api/queues/outbound-sms/add#/retry'],
  ['POST', '/queues/api/queues/outbound-sms/add?x=#/retry'],
  ['PATCH', '/queues/api/queues/outbound-sms/1/update-data#/retry'],
  ['POST', 'http://elsewhere.example/queues/api/queues/outbound-sms/add#/retry'],
  ['PATCH', '/queues/api/queues/outbound-sms/job-schedulers/retry'],
  ['PATCH', '/queues/api/queues/outbound-sms/retry/priority'],
  ['PATCH', '/queues/api/queues/outbound-sms/retry/delay'],
  ['PATCH', '/queues/api/queues/outbound-sms/%72etry/delay'],
  ['PUT', '/queues/api/queues/retry/concurrency'],
])('a job is made or edited by no address that only looks like another: %s %s', async (method, path) => {
  const { headers } = await connectConsole(stack.addresses.console, stack.addresses.consolePassword)
  const status = await statusOf(stack.addresses.console, method, path, {
    ...headers,
    'content-type': 'application/json',
  })
  expect([403, 404]).toContain(status)
})

/** Whom what changes something is for, said a second time. What is not here is for operators. */
const NEEDED: readonly [RegExp, string][] = [
  [/^\/(login|login\/code|logout)$/, 'stranger'],
  [/^\/alerts\/:id\/(acknowledge|cancel|act)$/, 'responder'],
  [/^\/follow-ups\/:id\/[\w-]+$/, 'responder'],
  [/^\/people\/:id\/erase$/, 'admin'],
  [/^\/(accounts|tokens)(\/.*)?$/, 'admin'],
  [/^\/account\/.*$/, 'viewer'],
]

/** What only admins read. */
const READ_BY_ADMINS = /^\/(accounts|tokens)$/

test('what changes something needs the role that it is meant for; what reads is for viewers', async () => {
  const routes = await routesOf('console')
  const wrong = routes.filter(({ method, url, needed }) => {
    const isReading = ['GET', 'HEAD', 'OPTIONS'].includes(method)
    const meant = NEEDED.find(([path]) => path.test(url))?.[1]
    return needed !== (isReading ? (READ_BY_ADMINS.test(url) ? 'admin' : 'viewer') : (meant ?? 'operator'))
  })
  expect(wrong).toEqual([])
  expect(new Set(routes.map(({ needed }) => needed))).toEqual(
    new Set(['stranger', 'viewer', 'responder', 'operator', 'admin']),
  )
})
