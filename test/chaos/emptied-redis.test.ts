import { Redis } from 'ioredis'
import { expect, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import { eventually } from '../support/eventually.ts'
import { readMetric } from '../support/read-metric.ts'
import { startPrivateRedis } from '../support/redis.ts'
import { connectSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'

test('FLUSHALL under a running stack: feeds and timers go on for whoever comes then, and it is counted', async (context) => {
  await using redis = await startPrivateRedis(context)
  await using stack = await startTestStack({ redisUrl: redis.url })
  const simulator = connectSimulator(stack.addresses.simulator)
  const alerts = createAlertClient(stack.addresses)
  const phone = simulator.phone('sms')
  const subscribes = async () => {
    await phone.sends('MSFT')
    await phone.expects(/You now receive MSFT updates/)
    for (let update = 0; update < 2; update += 1) await phone.expects(/^MSFT \d/)
  }
  await subscribes()
  const client = new Redis(redis.url)
  await client.flushall()
  client.disconnect()

  await eventually(async () =>
    expect(await readMetric(stack, 'feeds', 'switchboard_schedules_healed_total')).toBeGreaterThan(0),
  )
  await phone.skips()
  await subscribes()
  const [first, second] = [simulator.phone('sms'), simulator.phone('sms')]
  const id = await alerts.start([{ name: 'Tony', phones: [first, second], seconds: 1, waits: 1 }], 'db-7 is down')
  await alerts.until(id, 'exhausted')
  for (const each of [first, second]) expect(await each.received()).toHaveLength(1)
  expect(stack.ended()).toEqual([])
})
