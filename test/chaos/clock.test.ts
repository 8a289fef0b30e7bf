import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { alertRequestQueue, planOf, policy } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { createAlerts } from '@switchboard/store'
import { expect, test, vi } from 'vitest'

import { environmentWithClock } from '../support/faketime.ts'
import { startRecordingVonage } from '../support/recording-vonage.ts'
import { openTestRedis } from '../support/redis.ts'
import { serviceEnvironment, startService } from '../support/service.ts'

const STEP_SECONDS = 4
const HOUR_SECONDS = 3_600

const numbers = ['447700900011', '447700900012']
const channels = numbers.map((id_num) => ({ type: 'sms', id_num, expiry_time: STEP_SECONDS }))
const plan = planOf(policy.parse({ users: [{ name: 'Tony', channels, final_wait: STEP_SECONDS }] }))

test.for([
  ['ahead', HOUR_SECONDS],
  ['behind', -HOUR_SECONDS],
] as const)(
  'workers whose clocks are an hour %s: no step early or late, no message dropped',
  async ([, offset], context) => {
    const wrongClock = environmentWithClock(offset)
    if (!wrongClock) return context.skip('setting the clock of one process needs faketime')
    await using stack = new AsyncDisposableStack()
    const redis = stack.use(await openTestRedis())
    const vonage = stack.use(await startRecordingVonage())
    const folder = mkdtempSync(join(tmpdir(), 'switchboard-clock-'))
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    const config = { senders: { sms: '447700900000' } }
    const env = {
      ...serviceEnvironment({ redisUrl: redis.url, folder, config, vonageUrl: vonage.url }),
      PUBLIC_URL: 'http://localhost:9000',
      ...wrongClock,
    }
    const lines: string[] = []
    const names = ['failover', 'outbound'] as const
    const started = await Promise.all(names.map((name) => startService(name, env, (line) => void lines.push(line))))
    for (const one of started) stack.use(one)

    const alerts = createAlerts(redis.client)
    const requests = stack.use(createProducer(alertRequestQueue, redis.client))
    const from = Date.now()
    await requests.enqueue({ id: 'alert-1', text: 'db-7 is down', plan, createdAt: from })
    const secondsUntil = async (reached: () => Promise<boolean>) => {
      await vi.waitFor(async () => expect(await reached()).toBe(true), { timeout: 20_000, interval: 20 })
      return (Date.now() - from) / 1_000
    }
    const first = await secondsUntil(async () => vonage.accepted.size > 0)
    const second = await secondsUntil(async () => vonage.accepted.size > 1)
    const end = await secondsUntil(async () => (await alerts.get('alert-1'))?.state === 'exhausted')
    console.log(`sent after ${first} s, then after ${second} s, at the end after ${end} s`)

    // The first step begins after the request, and its message goes out a little later still.
    expect(second).toBeGreaterThan(STEP_SECONDS - 0.1)
    expect(second).toBeLessThan(first + STEP_SECONDS + 3)
    expect(end).toBeGreaterThan(2 * STEP_SECONDS - 0.1)
    expect(end).toBeLessThan(first + 2 * STEP_SECONDS + 3)
    expect([...vonage.accepted.values()]).toEqual([1, 1])
    // What is written down is the time of Redis, and each of them has said once that its own is another.
    for (const { at } of (await alerts.get('alert-1'))?.timeline ?? []) expect(Math.abs(at - from)).toBeLessThan(30_000)
    expect(lines.filter((line) => line.includes('clock.skewed'))).toHaveLength(names.length)
  },
)
