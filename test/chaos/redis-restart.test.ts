import { expect, test } from 'vitest'

import { eventually } from '../support/eventually.ts'
import { startPrivateRedis } from '../support/redis.ts'
import { connectSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'

/** Vonage's first retry comes after 5 s, the second 10 s later; a job cut off in the middle is taken up after 30 s. */
const RECOVERY_MS = 40_000

test('Redis dies in the middle of a feed: nobody is lost, and a text sent meanwhile is answered', async (context) => {
  await using redis = await startPrivateRedis(context)
  await using stack = await startTestStack({ redisUrl: redis.url })
  const simulator = connectSimulator(stack.addresses.simulator)
  const subscriber = simulator.phone('sms')
  const newcomer = simulator.phone('whatsapp')
  await subscriber.sends('MSFT')
  await subscriber.expects(/^MSFT \d+/)

  await redis.kill()
  const text = await newcomer.sends('GOOGL')
  await eventually(async () => expect(await statusesOf(text)).toContain(503))
  await redis.start()
  await subscriber.skips()

  await subscriber.expects(/^MSFT \d+/, { withinMs: RECOVERY_MS })
  await newcomer.expects(/You now receive GOOGL updates here/, { withinMs: RECOVERY_MS })
  await newcomer.expects(/^GOOGL \d+/)
  // All of them sat it out; none was started again.
  expect(stack.ended()).toEqual([])

  async function statusesOf(messageUuid: string): Promise<(number | null)[]> {
    return (await simulator.log(messageUuid)).flatMap(({ attempts }) => attempts.map(({ status }) => status))
  }
})
