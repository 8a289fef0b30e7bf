// Sends webhooks, signed before the clock runs, over as many connections as are asked for.
import { randomUUID } from 'node:crypto'

import { Pool } from 'undici'

import { signAsVonage } from '../support/sign-webhook.ts'
import { loadRequest } from './webhook-load-contract.ts'
import type { LoadRequest, LoadResult } from './webhook-load-contract.ts'

process.on('message', (message) => {
  void run(loadRequest.parse(message)).then((result) => process.send?.(result))
})
process.send?.('ready')

let people = 0
const pools = new Map<string, Pool>()

async function run({ url, count, connections, text }: LoadRequest): Promise<LoadResult> {
  const requests = Array.from({ length: count }, () => prepare(text))
  const pool = poolOf(new URL(url).origin, connections)
  let refused = 0
  const from = performance.now()
  const worker = async () => {
    for (let request = requests.pop(); request; request = requests.pop()) {
      const { statusCode, body } = await pool.request({ method: 'POST', path: '/webhooks/inbound', ...request })
      await body.dump()
      if (statusCode !== 200) refused += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  const seconds = (performance.now() - from) / 1_000
  return { seconds, refused, startedAt: performance.timeOrigin + from }
}

function poolOf(origin: string, connections: number): Pool {
  const pool = pools.get(origin) ?? new Pool(origin, { connections })
  pools.set(origin, pool)
  return pool
}

function prepare(text: string) {
  people += 1
  const body = JSON.stringify({
    channel: 'whatsapp',
    message_uuid: randomUUID(),
    to: '447700900001',
    from: String(447_710_000_000 + people),
    timestamp: new Date().toISOString(),
    message_type: 'text',
    text,
    profile: { name: 'Tony' },
    context_status: 'none',
    _self: { href: 'https://api-eu.vonage.com/v1/messages/11111111-2222-4333-8444-555555555555' },
  })
  return { body, headers: { authorization: signAsVonage(body), 'content-type': 'application/json' } }
}
