import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { smsWebhooks } from './sms-webhooks.ts'

it('what nobody has signed is counted each time, and fills no log', async () => {
  const lines: string[] = []
  const counts: string[] = []
  const app = fastify({ logger: { level: 'warn', stream: { write: (line) => void lines.push(line) } } })
  const nowhere = { enqueue: () => Promise.reject(new Error('nothing is kept')) }
  smsWebhooks(app, {
    smsSignature: { kind: 'method', verify: () => ({ kind: 'unsigned' }) },
    inbound: nowhere,
    status: nowhere,
    unrecognised: nowhere,
    now: Date.now,
    count: (route, outcome) => void counts.push(`${route} ${outcome}`),
  })
  for (let time = 0; time < 50; time += 1) {
    expect((await app.inject('/update?msisdn=447700900010&text=MSFT')).statusCode).toBe(401)
  }
  expect([counts.length, new Set(counts)]).toEqual([50, new Set(['/update unsigned'])])
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'webhook.refused', reason: 'sig is missing' }])
})
