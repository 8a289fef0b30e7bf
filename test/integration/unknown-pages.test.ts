import { afterAll, beforeAll, expect, test } from 'vitest'

import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'

let service: ConsoleService
let ada: ConsoleClient
beforeAll(async () => {
  service = await startConsoleService()
  ada = await connectConsole(service.url, service.password)
})
afterAll(() => service[Symbol.asyncDispose]())

test.for([
  ['/alerts/nope', 'There is no alert nope. It may have expired'],
  ['/alerts/new?again=nope', 'There is no alert nope. It may have expired'],
  ['/notifications/nope', 'There is no notification nope. It may have expired'],
  ['/mailings/nope', 'There is no mailing nope. It may have expired'],
  ['/mailings/nope/preview', 'A file is kept for an hour. Load it again to look at it.'],
  ['/messages/nope', 'There is no message nope. It may have expired'],
  ['/calls/nope', 'There is no call nope. It may have expired'],
  ['/failed/outbound-sms/nope', 'nope of outbound-sms is no failed job: it was retried or discarded'],
  ['/failed/nope/nope', 'There is no queue nope.'],
  ['/queue/nope', 'There is no queue nope.'],
  ['/people/nope', 'There is no person nope: a person is named by a number'],
  ['/people?topic=NOPE', 'There is no feed NOPE in the configuration.'],
  ['/nope', 'There is no page /nope.'],
] as const)('%s says what there is not', async ([path, words]) => {
  const response = await ada.get(path)
  const page = (await response.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(page).toContain(words)
  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(response.status).toBeLessThan(500)
})

test.for([
  ['/people/tel.447700900999', 'never said'],
  ['/queue/outbound-sms?state=nope', 'Nothing waits'],
  ['/alerts?show=all&text=zzz', 'Nothing fits the filter'],
  ['/messages?state=unknown', 'Nothing fits the filter'],
  ['/audit?who=nobody', 'Nothing fits'],
  ['/calls?before=1', 'No calls before that'],
  ['/search?q=zzz', 'Nothing found for “zzz”'],
  ['/search?q=9999999999', 'Open it as a Messenger id'],
  ['/search?q=447009000', 'Nothing found for “447009000”'],
  ['/search?q=447009000', 'Open it as the number 447009000'],
] as const)('%s says that there is nothing on it', async ([path, words]) => {
  const page = (await (await ada.get(path)).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(page).toContain(words)
})
