import { randomUUID } from 'node:crypto'

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'
import { givenAccount } from '../support/given-account.ts'

// A console of its own: what all who share a password have open together is counted.
let service: ConsoleService
beforeAll(async () => {
  service = await startConsoleService()
})
afterAll(() => service?.[Symbol.asyncDispose]())

/** With the answers: a stream whose answer nobody holds any more is closed by the collector of garbage. */
const open: { stream: AbortController; answer?: Response }[] = []
afterEach(() => {
  for (const { stream } of open.splice(0)) stream.abort()
})

/** A page that is open, with what changes on it. Resolves to what the console says to it. */
async function look({ headers }: ConsoleClient): Promise<number> {
  const stream = new AbortController()
  const opened: (typeof open)[number] = { stream }
  open.push(opened)
  opened.answer = await fetch(`${service.url}/alerts/live`, { headers, signal: stream.signal })
  return opened.answer.status
}

/** So many accounts, each logged in twice. */
async function accounts(count: number): Promise<ConsoleClient[][]> {
  const made = Array.from({ length: count }, async () => {
    const { name, password } = await givenAccount(service.redis.client, `streams-${randomUUID().slice(0, 8)}`, 'viewer')
    return [await connectConsole(service.url, password, name), await connectConsole(service.url, password, name)]
  })
  return Promise.all(made)
}

test('one account has no more than 20 open pages, however often it logs in; others have theirs', async () => {
  const [[first, second] = [], [other] = []] = await accounts(2)
  if (!first || !second || !other) return expect.unreachable()
  const statuses: number[] = []
  for (let page = 0; page < 30; page += 1) statuses.push(await look(page % 2 === 0 ? first : second))
  expect(statuses).toEqual([...Array<number>(20).fill(200), ...Array<number>(10).fill(503)])
  expect(await look(other)).toBe(200)
  open[0]?.stream.abort()
  await eventually(async () => expect(await look(second)).toBe(200))
})

test('all who share the password have no more than 100 open pages; who has an account finds room', async () => {
  const [[account] = []] = await accounts(1)
  if (!account) return expect.unreachable()
  const statuses: number[] = []
  for (let login = 0; login < 6; login += 1) {
    const session = await connectConsole(service.url, service.password, `Somebody ${login}`)
    for (let page = 0; page < 20; page += 1) statuses.push(await look(session))
  }
  expect(statuses).toEqual([...Array<number>(100).fill(200), ...Array<number>(20).fill(503)])
  expect(await look(account)).toBe(200)
})
