import { once } from 'node:events'
import { request as send } from 'node:http'

import { queuePrefix } from '@switchboard/queue'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

import { connectConsole, createAccount } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'

const QUEUE = 'outbound-sms'
const JOB = 'retry'
const VIEWERS = 'password-of-viewers'

let service: ConsoleService
let queue: Queue
beforeAll(async () => {
  service = await startConsoleService({ CONSOLE_VIEWER_PASSWORD: VIEWERS })
  queue = new Queue(QUEUE, { connection: service.redis.client, prefix: queuePrefix(QUEUE) })
  // Called as what may be done with it: an address may end with its name.
  const message = { id: JOB, channel: 'sms', to: '447700900010', text: 'as it was', purpose: 'reply', createdAt: 1 }
  await queue.add(QUEUE, message, { jobId: JOB, delay: 3_600_000 })
})
afterAll(async () => {
  await queue?.close()
  await service?.[Symbol.asyncDispose]()
})

/** Addresses under which a job might be made or edited; sent as they stand here, which no browser would. */
const TRICKS: readonly [method: string, path: string][] = [
  ...[
    '/queues/api/queues/Q/add',
    '//queues/api/queues/Q/add',
    '/queues//api/queues/Q/add',
    '/queues/api/queues/Q//add',
    '/queues/api/queues/Q/add/',
    '/queues/api/queues/Q/add.',
    '/queues/api/queues/Q/ADD',
    '/QUEUES/api/queues/Q/add',
    '/queues%2fapi/queues/Q/add',
    '/queues/api/queues/Q%2fadd',
    '/queues/api/queues/Q/%61dd',
    '/queues/api/queues/Q/add;/retry',
    '/queues/api/queues/Q/add#/retry',
    '/queues/api/queues/Q/add?/retry',
    '/queues/api/queues/Q/add%3f/retry',
    '/queues/api/queues/Q/x/../add',
    '/queues/api/queues/Q/..;/Q/add',
    '/queues/read-only/..;/api/queues/Q/add',
    '/queues/read-only/../api/queues/Q/add',
    '/queues/static/../api/queues/Q/add',
    '/assets/../queues/api/queues/Q/add',
    '/queues/read-only/api/queues/Q/add',
  ].map((path): [string, string] => ['POST', path]),
  ...[
    'update-data',
    'update-data#/retry',
    'update-data/',
    '%75pdate-data',
    'update-data?/clean',
    'delay',
    'priority',
  ].map((end): [string, string] => ['PATCH', `/queues/api/queues/Q/J/${end}`]),
  ['PATCH', '/queues/api/queues/Q/retry/priority'],
  ['PATCH', '/queues/api/queues/Q/clean/delay'],
  ['PATCH', '/queues/api/queues/Q/job-schedulers/retry'],
  ['PATCH', '/queues/api/queues/Q/job-schedulers/x#/retry'],
  ['PUT', '/queues/api/queues/pause/concurrency'],
]

test('no trick with an address or a method makes or edits a job, for an operator or a viewer', async () => {
  const admin = await connectConsole(service.url, service.password)
  const { name, password } = await createAccount(service.url, admin, { name: 'Olga', role: 'operator' })
  const operator = await connectConsole(service.url, password, name)
  const viewer = await connectConsole(service.url, VIEWERS)
  const state = async () =>
    JSON.stringify([
      await service.redis.client.hgetall(queue.toKey(JOB)),
      await queue.getJobCounts(),
      await queue.getJobSchedulers(),
    ])
  const before = await state()
  const passed: string[] = []
  for (const [who, { headers }] of Object.entries({ operator, viewer })) {
    for (const [method, written] of TRICKS) {
      const path = written.replaceAll('Q', QUEUE).replace('/J/', `/${JOB}/`)
      const status = await statusOf(method, path, headers)
      if (![403, 404].includes(status)) passed.push(`${who} ${method} ${path}: ${status}`)
    }
    for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const update = `/queues/api/queues/${QUEUE}/${JOB}/update-data`
      await statusOf('POST', update, { ...headers, [header]: 'PATCH' })
      await statusOf('GET', `/queues/api/queues/${QUEUE}/${JOB}`, { ...headers, [header]: 'PATCH' })
      await statusOf('POST', `${update}?_method=PATCH`, headers)
    }
  }
  expect(passed).toEqual([])
  expect(await state()).toBe(before)
})

async function statusOf(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port: of } = new URL(service.url)
  const json = { ...headers, 'content-type': 'application/json' }
  const sent = send({ method, hostname, port: of, path, headers: json, agent: false })
  const [answer] = await once(
    sent.end('{"name":"forged","data":{"text":"forged"},"jobData":{"text":"forged"},"priority":1,"delay":1}'),
    'response',
  )
  answer.resume()
  return z.number().parse(answer.statusCode)
}
