import { spawnSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'

import { scope } from '@switchboard/contracts'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { createCheckout } from '../support/checkout.ts'
import type { Checkout } from '../support/checkout.ts'
import { readBlocks, readPages } from '../support/documents.ts'
import type { Page } from '../support/documents.ts'
import { eventually } from '../support/eventually.ts'
import { readTable, tableSteps } from '../support/readme-table.ts'
import { startShippedStack } from '../support/shipped-stack.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { TestStack } from '../support/test-stack.ts'

let stack: TestStack
let simulator: Simulator
let checkout: Checkout

const lacks = ['sh', 'npm', 'curl'].filter((command) => spawnSync(command, ['--version']).error)
if (lacks.length > 0) console.log(`The commands of the documents are not run: ${lacks.join(', ')} cannot be found`)

beforeAll(async () => {
  stack = await startShippedStack(inject('redisUrl'))
  simulator = connectSimulator(stack.addresses.simulator)
  checkout = createCheckout(stack)
})
afterAll(async () => {
  checkout?.[Symbol.dispose]()
  await stack?.[Symbol.asyncDispose]()
})

/** What people get who do as a page says: prepare, and look afterwards. */
const effects: Record<string, () => Promise<(printed: string) => Promise<void>>> = {
  'docs/feeds.md': async () => {
    const phone = simulator.phone('sms')
    await phone.sends('MSFT')
    await phone.expects(/You now receive MSFT/)
    return async (printed) => {
      await phone.expects('MSFT 421.5')
      expect(printed).toContain(phone.address)
    }
  },
  'docs/alerts.md': async () => async (printed) => {
    const tony = simulator.phone('messenger', '9000000001')
    // Some of them may have come in one message.
    await eventually(async () => {
      const texts = (await tony.received()).map(({ text }) => text).join('\n')
      expect([texts.split('Main server down').length > 2, texts.includes('Disk full')]).toEqual([true, true])
    })
    expect(printed).toMatch(/\d open:[^]+Tony on messenger/)
  },
  'docs/notifications.md': async () => async (printed) => {
    await simulator.phone('sms', '447700900123').expects(/scheduled for tomorrow/)
    expect(printed).toContain('447700900123')
  },
  'docs/dispatch.md': async () => {
    const tony = simulator.phone('messenger', '9000000001')
    await tony.skips()
    return async () => {
      for (const text of ['Main server down', 'Main server down']) await tony.expects(text)
    }
  },
  'docs/http-api.md': async () => async () => {
    const api = createSwitchboardApi(stack.addresses)
    await expect
      .poll(() => api.get('/api/alerts?state=all'))
      .toMatchObject({
        alerts: expect.arrayContaining([expect.objectContaining({ text: 'Disk full', state: 'attended' })]),
      })
  },
  'docs/command-line.md': async () => async (printed) => expect(printed).toMatch(/Ada has seen it|seen: /),
}

test.skipIf(lacks.length > 0)('the table of the README, row by row', async () => {
  const table = readTable(readPages()[0]?.text ?? '')
  const steps = tableSteps(stack.addresses, checkout)
  expect(table).toHaveLength(steps.length)
  for (const [index, [todo, see]] of table.entries()) {
    await steps[index]?.(todo).catch((error: unknown) => {
      throw new Error(`"${todo}" did not show "${see}"`, { cause: error })
    })
  }
})

const runnable = (page: Page) => readBlocks(page).filter(({ language, notRun }) => language === 'sh' && !notRun)

for (const page of readPages()) {
  for (const { line, notRun } of readBlocks(page).filter((block) => block.notRun !== undefined)) {
    console.log(`${page.path}:${line} is not run here: ${notRun}`)
  }
  if (runnable(page).length === 0) continue
  test.skipIf(lacks.length > 0)(`what ${page.path} says to type works`, async () => {
    const look = await effects[page.path]?.()
    const printed = await checkout.run(runnable(page))
    await look?.(printed)
  })
}

test('the HTTP API has the routes that its page names, and no others', async () => {
  const page = readPages().find(({ path }) => path === 'docs/http-api.md')?.text ?? ''
  const named = [...page.matchAll(/^\| `([A-Z]+ \/api\/\S+)` \|/gm)].map(([, route]) => route)
  const answer = await fetch(`${stack.addresses.ingress}/openapi.json`)
  const { paths } = (await answer.json()) as { paths: Record<string, object> }
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(new Set(named)).toEqual(new Set(routes))
})

test('every endpoint of the description says which scope its token needs', async () => {
  const secured = z.object({ security: z.tuple([z.object({ token: z.tuple([scope]) })]) })
  const document = await (await fetch(`${stack.addresses.ingress}/openapi.json`)).json()
  const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), secured)) }).parse(document)
  expect(paths['/api/alerts']).toMatchObject({
    get: { security: [{ token: ['alerts:read'] }] },
    post: { security: [{ token: ['alerts:write'] }] },
  })
})

test('every endpoint of the description has an example that is taken as valid, and says how it fails', async () => {
  const request = z.object({ content: z.record(z.string(), z.object({ example: z.unknown().optional() })) })
  const operation = z.object({ requestBody: request.optional(), responses: z.record(z.string(), z.unknown()) })
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), operation)) })
    .parse(await (await fetch(`${stack.addresses.ingress}/openapi.json`)).json())
  const refused: string[] = []
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(methods)) {
      expect(Object.keys(responses), `${method} ${path}`).toEqual(expect.arrayContaining(['4XX', '5XX']))
      if (!requestBody) continue
      const answer = await fetch(`${stack.addresses.ingress}${path.replaceAll(/[{}]/g, '')}`, {
        method: method.toUpperCase(),
        headers: { authorization: `Bearer ${stack.addresses.apiToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(requestBody.content['application/json']?.example),
      })
      // There is no such alert, policy or topic: what is sent was valid.
      if (![200, 201, 202, 404].includes(answer.status)) refused.push(`${method} ${path}: ${await answer.text()}`)
    }
  }
  expect(refused).toEqual([])
})

test('the page of the API has our name, and is small', async () => {
  const answer = await fetch(`${stack.addresses.ingress}/docs`, { headers: { accept: 'text/html' } })
  const page = await answer.text()
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(gzipSync(page).length).toBeLessThan(300_000)
  expect(page).toContain('<title>Switchboard: HTTP API</title>')
  expect(page).toContain('/api/alerts/{id}/hand-over')
})
