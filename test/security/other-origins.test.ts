import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { queuePrefix } from '@switchboard/queue'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test as plainTest } from 'vitest'
import { z } from 'zod'

import { createAlertClient } from '../support/alert-client.ts'
import { openSharedBrowser } from '../support/browser.ts'
import { connectConsole } from '../support/console-client.ts'
import { openConsole } from '../support/console-page.ts'
import { eventually } from '../support/eventually.ts'
import type { Phone } from '../support/phone.ts'
import { fill, routesOf } from '../support/routes-of.ts'
import { openSimulatorPage } from '../support/simulator-page.ts'
import { connectOwnSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

// Somebody who can write to us, and a page of another site that whoever is logged in has open.
const QUEUE = 'outbound-sms'
const JOB = 'hostile'
const asked: string[] = []
const elsewhere = createServer((request, response) => {
  asked.push(request.url ?? '')
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>')
})

let stack: TestStack
let browser: Browser | undefined
let port: number
let redis: Redis
let queue: Queue
let phone: Phone
let markup: string
let alertId: string
beforeAll(async () => {
  browser = await openSharedBrowser()
  elsewhere.listen(0)
  await once(elsewhere, 'listening')
  ;({ port } = z.custom<AddressInfo>().parse(elsewhere.address()))
  stack = await startTestStack({ redisServerUrl: inject('redisUrl'), env: { LOG_LEVEL: 'debug' } })
  redis = new Redis(stack.environment['REDIS_URL'] ?? '', { maxRetriesPerRequest: null })
  queue = new Queue(QUEUE, { connection: redis, prefix: queuePrefix(QUEUE) })
  await sayHostileThings()
})
afterAll(async () => {
  await browser?.close()
  await queue?.close()
  redis?.disconnect()
  await stack?.[Symbol.asyncDispose]()
  elsewhere.closeAllConnections()
  elsewhere.close()
})

async function sayHostileThings(): Promise<void> {
  markup = `<img src=//localhost:${port}/b onerror=ran=1><script>ran=1</script>`
  const simulator = connectOwnSimulator(stack)
  phone = simulator.phone('sms')
  await simulator.knows({ name: markup, number: phone.address })
  alertId = await startAlert(phone, simulator.phone('viber_service'))
  await phone.expects(/Down/)
  const stranger = simulator.phone('sms')
  await simulator.knows({ name: 'Stranger', number: stranger.address })
  await stranger.sends(`HELLO ${markup}`)
  const message = { id: JOB, channel: 'sms', to: phone.address, text: markup, purpose: 'reply', createdAt: Date.now() }
  await redis.hset(queue.toKey(JOB), {
    name: QUEUE,
    data: JSON.stringify(message),
    opts: JSON.stringify({ attempts: 1 }),
    timestamp: Date.now(),
    finishedOn: Date.now(),
    atm: 1,
    failedReason: `1320: ${markup}`,
    stacktrace: JSON.stringify([`Error: ${markup}`]),
  })
  await redis.zadd(queue.toKey('failed'), Date.now(), JOB)
}

const startAlert = (...phones: Phone[]) =>
  createAlertClient(stack.addresses).start([{ name: markup, phones }], `Down ${markup}`)

const test = plainTest.extend<{ page: Page }>({
  async page({ skip }, use) {
    if (!browser) return skip('there is no Chromium here')
    const { console: url, consolePassword: password } = stack.addresses
    const { page } = await openConsole(browser, { url, password })
    await use(page)
    await page.context().close()
  },
})

/** What a page does that it should not, from now on. */
function watch(page: Page): string[] {
  const seen: string[] = []
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => seen.push(String(error)))
  page.on('console', (message) => {
    if (/Content Security Policy|Refused/.test(message.text())) seen.push(message.text())
  })
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).port === String(port)) seen.push(request.url())
  })
  return seen
}

async function showsMarkup(page: Page): Promise<void> {
  await eventually(async () => expect(await page.locator('body').innerText(), page.url()).toContain('<img src=//'))
  await page.evaluate('new Promise((done) => setTimeout(done, 200))')
  expect(await page.evaluate('typeof window.ran'), page.url()).toBe('undefined')
}

test('what others write is text: on the pages of the console and in Bull Board', async ({ page }) => {
  const operator = await connectConsole(stack.addresses.console, stack.addresses.consolePassword)
  const person = `/people/tel.${phone.address}`
  expect((await operator.post(`${person}/name`, { name: markup })).status).toBe(303)
  const seen = watch(page)
  const failed = ['/failed', `/failed/${QUEUE}/${JOB}`, `/queue/${QUEUE}?state=failed`]
  for (const path of [`/alerts/${alertId}`, '/alerts?show=all', person, '/messages', ...failed]) {
    await page.goto(path)
    await showsMarkup(page)
  }
  for (const path of [`/queues/queue/${QUEUE}/${JOB}`, `/queues/queue/${QUEUE}?status=failed`]) {
    await page.goto(path)
    await page.getByText(JOB).first().waitFor()
    for (const tab of ['Data', 'Error']) {
      await page.getByRole('tab', { name: tab }).first().click()
      await showsMarkup(page)
    }
  }
  expect(seen).toEqual([])
  expect(asked).not.toContain('/b')
})

test("what others write is text on the simulator's page", async ({ skip }) => {
  if (!browser) return skip('there is no Chromium here')
  await using simulator = await openSimulatorPage(browser, stack.addresses.simulator)
  const seen = watch(simulator.page)
  await simulator.page.reload()
  const shown = await simulator.phone(phone.address)
  await shown.opens('sms')
  await shown.sees(/<img src=/)
  await showsMarkup(simulator.page)
  await shown.types(markup)
  await shown.element.locator('.row-own', { hasText: '<img src=' }).first().waitFor()
  await showsMarkup(simulator.page)
  expect([...seen, ...simulator.errors]).toEqual([])
  expect(asked).not.toContain('/b')
})

// Another site, and the same site with another port: to a browser those are two things.
const hosts = ['localhost', '127.0.0.1']

test.for(hosts)('no page of %s frames ours', async (host, { page }) => {
  const { console: ours, simulator, ingress } = stack.addresses
  const paths = [`${ours}/`, `${ours}/queues/`, `${ours}/login`, simulator, `${ingress}/docs`, `${ingress}/signup`]
  await page.goto(`http://${host}:${port}/`)
  const framed = async (url: string) => {
    await page.evaluate(`new Promise((done) => {
      const frame = Object.assign(document.createElement('iframe'), { src: ${JSON.stringify(url)}, onload: done })
      document.body.replaceChildren(frame)
    })`)
    // Who watches the page hears of it a moment later.
    await eventually(() => expect(page.frames().at(-1)?.url()).not.toMatch(/^(about:blank)?$/))
    return page.frames().at(-1)?.url()
  }
  expect(await framed(`http://${host}:${port}/own`)).toBe(`http://${host}:${port}/own`)
  for (const url of paths) expect(await framed(url), url).toMatch(/^chrome-error:/)
})

/** How the requests of a page that is open come out, with whatever cookies the browser adds. */
async function fetches(page: Page, method: string, url: string, extra: object = {}): Promise<string> {
  const init = JSON.stringify({ method, credentials: 'include', ...extra })
  const program = `fetch(${JSON.stringify(url)}, ${init})
    .then(async (answer) => answer.type + ' ' + answer.status + ' ' + (await answer.text()).length, () => 'refused')`
  return z.string().parse(await page.evaluate(program))
}

/** Sends a form as a page may do to anybody; `sandbox`: from where the browser says nothing but `null`. */
async function submits(page: Page, action: string, [name, value]: [string, string], enctype: string, sandbox = false) {
  const form = `<form method="post" action="${action}" enctype="${enctype}"><textarea name='${name}'>${value}</textarea></form>
    <script>document.forms[0].submit()</script>`
  const frame = `Object.assign(document.createElement('iframe'), { srcdoc: ${JSON.stringify(form).replaceAll('</', String.raw`<\/`)} })`
  const answered = page.waitForResponse((answer) => answer.url() === action)
  await page.evaluate(`{
    const frame = ${frame}
    ${sandbox ? "frame.sandbox = 'allow-scripts allow-forms'" : ''}
    document.body.append(frame)
  }`)
  return (await answered).status()
}

const JSON_TYPE = { headers: { 'content-type': 'application/json' } }
const FORMS = ['text/plain', 'application/x-www-form-urlencoded']

test.for(hosts)('no page of %s changes or reads anything in the console or Bull Board', async (host, { page }) => {
  const { console: ours } = stack.addresses
  const jobs = `${ours}/queues/api/queues/${QUEUE}`
  const simulator = connectOwnSimulator(stack)
  const walking = await startAlert(simulator.phone('sms'), simulator.phone('viber_service'))
  const before = await queue.getJobCounts()
  await page.goto(`http://${host}:${port}/`)
  for (const enctype of FORMS) {
    for (const sandbox of [false, true]) {
      const status = await submits(page, `${ours}/alerts/${walking}/cancel`, ['reason', 'x'], enctype, sandbox)
      expect([401, 403, 415], enctype).toContain(status)
    }
  }
  const answers = [
    await fetches(page, 'POST', `${ours}/alerts/${walking}/cancel`, { mode: 'no-cors' }),
    await fetches(page, 'POST', `${jobs}/add`, { mode: 'no-cors', body: '{"name":"x","data":{}}' }),
    await fetches(page, 'PUT', `${jobs}/${JOB}/retry`),
    await fetches(page, 'PUT', `${jobs}/${JOB}/clean`, JSON_TYPE),
    await fetches(page, 'PUT', `${jobs}/clean/failed`),
    await fetches(page, 'GET', `${ours}/alerts/${walking}`),
    await fetches(page, 'GET', `${ours}/queues/api/queues`),
    await fetches(page, 'GET', `${ours}/queues/api/queues`, { mode: 'no-cors' }),
  ]
  expect(answers.filter((answer) => answer !== 'refused' && answer !== 'opaque 0 0')).toEqual([])
  expect(await queue.getJobState(JOB)).toBe('failed')
  expect((await queue.getJobCounts()).failed).toBe(before.failed)
  expect(await createAlertClient(stack.addresses).get(`/api/alerts/${walking}`)).toMatchObject({ state: 'walking' })
  // The same from a page of its own.
  await page.goto(ours)
  expect(await fetches(page, 'GET', `${ours}/queues/api/queues`)).toMatch(/^basic 200/)
})

test.for(hosts)('no page of %s drives or reads the simulator', async (host, { page }) => {
  const control = `${stack.addresses.simulator}/control`
  const messages = `${control}/phones/sms/${phone.address}/messages`
  const thread = async () => (await fetch(messages)).text()
  const before = await thread()
  await page.goto(`http://${host}:${port}/`)
  for (const sandbox of [false, true]) {
    expect(await submits(page, messages, ['{"text":"forged', '"}'], 'text/plain', sandbox)).toBe(403)
    expect(await submits(page, messages, ['text', 'forged'], 'application/x-www-form-urlencoded', sandbox)).toBe(403)
    expect(await submits(page, `${control}/reset`, ['x', ''], 'text/plain', sandbox)).toBe(403)
  }
  const body = '{"text":"forged"}'
  const answers = [
    await fetches(page, 'POST', messages, { mode: 'no-cors', body }),
    await fetches(page, 'POST', messages, { body, ...JSON_TYPE }),
    await fetches(page, 'PUT', `${control}/account`, { body: '{}', ...JSON_TYPE }),
    await fetches(page, 'DELETE', `${control}/faults`),
    await fetches(page, 'GET', messages),
    await fetches(page, 'GET', messages, { mode: 'no-cors' }),
    await fetches(page, 'GET', `${stack.addresses.simulator}/snapshot`),
  ]
  expect(answers.filter((answer) => answer !== 'refused' && answer !== 'opaque 0 0')).toEqual([])
  expect(await thread()).toBe(before)
  // The same from a page of its own.
  await page.goto(stack.addresses.simulator)
  expect(await fetches(page, 'GET', messages)).toMatch(/^basic 200/)
})

test('every page forbids to be framed, scripts that are not files of ours, and another base', async () => {
  const { console: ours, simulator, ingress } = stack.addresses
  const admin = await connectConsole(ours, stack.addresses.consolePassword)
  const paths = await Promise.all(
    (['console', 'ingress'] as const).map(async (service) =>
      (await routesOf(service, stack.logFile))
        .filter(({ method }) => method === 'GET')
        .map(({ url }) => `${service === 'console' ? ours : ingress}${fill(url)}`),
    ),
  )
  const real = [`${ours}/alerts/${alertId}`, `${ours}/queues/`, `${ours}/nowhere`, `${simulator}/`, `${simulator}/x`]
  const wrong: string[] = []
  let pages = 0
  for (const url of [...paths.flat(), ...real]) {
    const answer = await fetch(url, { redirect: 'manual', headers: { ...admin.headers, accept: 'text/html' } })
    await answer.body?.cancel()
    if (!answer.headers.get('content-type')?.includes('text/html')) continue
    pages += 1
    const problem = problemOf(answer.headers.get('content-security-policy') ?? '')
    if (problem) wrong.push(`${url}: ${problem}`)
  }
  expect(wrong).toEqual([])
  expect(pages).toBeGreaterThan(25)
})

function problemOf(policy: string): string | undefined {
  const directives = new Map(policy.split(';').map((each) => [each.trim().split(' ')[0], each.trim()]))
  const scripts = directives.get('script-src') ?? directives.get('default-src') ?? "'unsafe-inline'"
  if (/unsafe|\*|https?:|data:/.test(scripts)) return `scripts: ${scripts}`
  const missing = ['frame-ancestors', 'base-uri', 'object-src'].filter(
    (name) => !/'(none|self)'$/.test(directives.get(name) ?? ''),
  )
  return missing.length > 0 ? `lacks ${missing.join(', ')}` : undefined
}
