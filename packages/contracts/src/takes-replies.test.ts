import { expect, it } from 'vitest'

import type { Channel } from './channel.ts'
import { switchboardConfig } from './config.ts'
import { questionProblem } from './takes-replies.ts'

const senders = { sms: '447700900000', whatsapp: '447700900001', viber_service: 'Shop' }

it.each<[Channel, object, RegExp | undefined]>([
  ['sms', { senders }, undefined],
  ['sms', { senders: { ...senders, sms: 'ACME' } }, /nobody can reply to "ACME"/],
  ['whatsapp', { senders }, undefined],
  ['messenger', { senders }, /has no sender: add senders.messenger/],
  ['viber_service', { senders }, /set viberTwoWay/],
  ['viber_service', { senders, viberTwoWay: true }, undefined],
])('a question on %s with %o: %s', (channel, config, problem) => {
  const found = questionProblem(channel, switchboardConfig.parse(config))
  if (problem) expect(found).toMatch(problem)
  else expect(found).toBeUndefined()
})
