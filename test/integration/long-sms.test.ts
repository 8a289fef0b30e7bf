import { partialSmsQueue } from '@switchboard/contracts'
import type { InboundMessage } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { createInbound } from '@switchboard/store'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createReceive, createReceivePartial } from '../../services/inbound-router/src/receive.ts'
import type { Route } from '../../services/inbound-router/src/route-message.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const START = Date.now()
const MINUTE_MS = 60_000
const none = () => undefined

let redis: TestRedis
let cleanup: AsyncDisposableStack
beforeAll(async () => {
  cleanup = new AsyncDisposableStack()
  redis = cleanup.use(await openTestRedis())
})
beforeEach(() => redis.flush())
afterAll(() => cleanup.disposeAsync())

function router() {
  const routed: (string | null | undefined)[] = []
  const deps = {
    inbound: createInbound(redis.client),
    partialSms: cleanup.use(createProducer(partialSmsQueue, redis.client)),
    router: {
      decide: async () => ({ kind: 'silence' as const }),
      follow: async (_: Route, { text }: InboundMessage) => void routed.push(text),
    },
    now: () => START,
    log: { info: none, warn: none },
  }
  return { receive: createReceive(deps), receivePartial: createReceivePartial(deps), routed }
}

function part(name: string, minutes: number): InboundMessage {
  const receivedAt = START + minutes * MINUTE_MS
  return {
    id: `part-${name}`,
    channel: 'sms',
    from: '447700900010',
    to: '447700900000',
    kind: 'text',
    text: name,
    sentAt: receivedAt,
    receivedAt,
    part: { reference: '7', total: 2, number: Number(name.slice(1)) },
  }
}

/** As if nobody had looked for so long: everything that expires is so much older. */
async function passes(minutes: number): Promise<void> {
  for (const key of await redis.client.keys('sb:*')) {
    const left = await redis.client.pttl(key)
    if (left > 0) await redis.client.pexpire(key, Math.max(1, left - minutes * MINUTE_MS))
  }
  await new Promise((resolve) => void setTimeout(resolve, 5))
}

it.each([30, 24 * 60])(
  'a part that was here before the router was down for %i minutes is not lost',
  async (minutes) => {
    const { receive, receivePartial, routed } = router()
    await receive(part('a1', 0))
    await passes(minutes)
    // It was sent a few seconds after the first one, and waited in the queue.
    await receive(part('a2', 0.1))
    await receivePartial(part('a1', 0))
    expect(routed).toEqual(['a1a2'])
  },
)

it('nor is one whose rest never came, also when another message has its reference by now', async () => {
  const { receive, receivePartial, routed } = router()
  await receive(part('a1', 0))
  await passes(30)
  await receive(part('b2', 30))
  await receivePartial(part('a1', 0))
  await receive(part('b1', 30))
  expect(routed).toEqual(['a1…', 'b1b2'])
})
