import { expect, it } from 'vitest'

import { readHandPlan, writeHandPlan } from './hand-plan.ts'

const senders = { sms: '447700900000', whatsapp: '447700900001', viber_service: 'Us' }

it('reads people as they are typed', () => {
  const read = readHandPlan(
    'Tony: sms +44 7700 900011, WhatsApp 447700900011\n\nAda: viber 447700900012, sms 447700900012',
    30,
    senders,
  )
  expect(read).toMatchObject({
    kind: 'plan',
    plan: {
      users: [
        {
          name: 'Tony',
          finalWaitSeconds: 30,
          channels: [
            { channel: 'sms', to: '447700900011', expirySeconds: 30 },
            { channel: 'whatsapp', to: '447700900011' },
          ],
        },
        { name: 'Ada', channels: [{ channel: 'viber_service' }, { channel: 'sms' }] },
      ],
    },
  })
})

it('writes them as they can be read again', () => {
  const read = readHandPlan(
    'Tony: sms 447700900011, viber 447700900011\nAda: whatsapp 447700900012, sms 447700900012',
    30,
    senders,
  )
  if (read.kind === 'invalid') throw new Error('it was valid')
  expect(readHandPlan(writeHandPlan(read.plan), 30, senders)).toEqual(read)
})

it.each([
  ['', 'at least one person'],
  ['Tony: sms 447700900011', 'Tony (channels): a user needs at least two channels'],
  ['Tony: fax 1, sms 447700900011', 'unknown channel "fax"'],
  ['sms 447700900011, whatsapp 447700900011', 'Line 1'],
  ['Tony: messenger 9000000001, sms 447700900011', 'there is no sender for messenger'],
  ['Tony: sms 12, whatsapp 447700900011', 'must be a phone number'],
])('says what is wrong with %j', (text, problem) => {
  const read = readHandPlan(text, 30, senders)
  expect(read.kind === 'invalid' ? read.problems.join('\n') : read.kind).toContain(problem)
})
