import { expect, inject, test } from 'vitest'

import { connectSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'

test('STOP holds from the moment its webhook is answered, although the router stands still', async () => {
  await using stack = await startTestStack({ redisServerUrl: inject('redisUrl') })
  const simulator = connectSimulator(stack.addresses.simulator)
  const sms = simulator.phone('sms')
  const whatsapp = simulator.phone('whatsapp', sms.address)
  for (const phone of [sms, whatsapp]) {
    await phone.sends('MSFT')
    await phone.expects(/^MSFT \d+/)
  }
  const router = stack.processes.get('inbound-router')
  router?.kill('SIGSTOP')
  try {
    // A button under a template, twice: as a phone sends it that is pressed again because nothing happens.
    await sms.sends('Stop promotions')
    await sms.sends('STOP')
    const [webhook] = (await simulator.log()).toReversed()
    expect(webhook?.url).toContain('/webhooks/inbound')
    await Promise.all([sms.skips(), whatsapp.skips()])
    // Two ticks and more of the topic.
    await Promise.all([sms.expectsNothing(5_000), whatsapp.expectsNothing(5_000)])
  } finally {
    router?.kill('SIGCONT')
  }
  await sms.expects(/will not receive any more messages/)
  await Promise.all([sms.expectsNothing(3_000), whatsapp.expectsNothing(3_000)])
})
