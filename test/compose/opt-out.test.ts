import { expect, inject, test, vi } from 'vitest'

import { redis } from '../support/compose.ts'
import { connectSimulator } from '../support/simulator.ts'

test('an opt-out is on disk before its webhook is answered', { timeout: 60_000 }, async () => {
  const simulator = connectSimulator(inject('stack').simulator)
  const phone = simulator.phone('sms')
  await redis('CONFIG SET appendfsync no')
  try {
    const text = await phone.sends('STOP')
    // Redis has it, the disk has not: Vonage is told to send it again.
    await vi.waitFor(async () => expect(await answers(text)).toEqual([503]), { timeout: 6_000, interval: 200 })
  } finally {
    await redis('CONFIG SET appendfsync everysec')
  }
  await phone.expects(/will not receive any more messages/, { withinMs: 30_000 })

  async function answers(messageUuid: string): Promise<(number | null)[]> {
    return (await simulator.log(messageUuid)).flatMap(({ attempts }) => attempts.map(({ status }) => status))
  }
})
