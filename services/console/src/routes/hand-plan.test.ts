import type { AlertPlan } from '@switchboard/contracts'
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

it('keeps what cannot be typed of one that is started again, for whoever stays on the list', () => {
  const sms = { channel: 'sms', to: '447700900011', expirySeconds: 30, condition: 'delivered' } as const
  const sticker = { type: 'sticker', url: 'https://example.com/fire.webp' } as const
  const whatsapp = { ...sms, channel: 'whatsapp' as const, condition: 'read' as const }
  const channels = [{ ...whatsapp, content: sticker }, whatsapp, { ...sms, options: { ttlSeconds: 60 } }]
  const before = {
    users: [{ name: 'Tony', channels, finalWaitSeconds: 30 }],
    repeat: 2,
    blockedSeconds: 600,
    announce: true,
    acknowledge: 'code' as const,
    leavesText: true,
    engine: 'local' as const,
  }
  const typed = writeHandPlan(before)
  expect(readHandPlan(typed, 30, senders, before)).toEqual({ kind: 'plan', plan: before })

  const own = {
    ...before,
    users: [
      { name: 'Tony', channels: [{ ...sms, from: '447700900009', expirySeconds: 5 }, whatsapp], finalWaitSeconds: 30 },
      { name: 'Ada', channels: [whatsapp, sms], finalWaitSeconds: 90 },
    ],
  }
  expect(readHandPlan(writeHandPlan(own), 30, senders, own)).toEqual({ kind: 'plan', plan: own })
  const slower = readHandPlan(writeHandPlan(own), 60, senders, own)
  if (slower.kind === 'invalid') throw new Error(slower.problems.join())
  expect(slower.plan.users).toMatchObject([
    { channels: [{ from: '447700900009', expirySeconds: 60 }, { expirySeconds: 60 }], finalWaitSeconds: 60 },
    { finalWaitSeconds: 60 },
  ])

  const changed = readHandPlan('Ada: whatsapp 447700900011, sms 447700900012\n' + typed, 60, senders, before)
  if (changed.kind === 'invalid') throw new Error(changed.problems.join())
  expect(changed.plan.users.map((user) => user.channels.map(({ content }) => content?.type))).toEqual([
    [undefined, undefined],
    ['sticker', undefined, undefined],
  ])
})

it('hands users to Vonage again where it did, and says who cannot be', () => {
  const typed = 'Tony: sms 447700900011, whatsapp 447700900011'
  const read = readHandPlan(typed, 30, senders)
  if (read.kind === 'invalid') throw new Error(read.problems.join())
  const before: AlertPlan = { ...read.plan, engine: 'dispatch' }
  expect(readHandPlan(typed, 30, senders, before)).toEqual({ kind: 'plan', plan: before })
  const called = readHandPlan(`${typed}, voice 447700900012`, 30, { ...senders, voice: '447700900000' }, before)
  expect(called).toEqual({ kind: 'invalid', problems: ['Tony, voice: Dispatch has no phone calls'] })
})

it.each([
  ['', 'at least one person'],
  ['Tony: sms 447700900011', 'Tony: a user needs at least two channels'],
  ['Tony: fax 1, sms 447700900011', 'Tony, fax: unknown channel "fax"'],
  ['sms 447700900011, whatsapp 447700900011', 'Line 1'],
  ['Tony: messenger 9000000001, sms 447700900011', 'there is no sender for messenger'],
  ['Tony: sms 12, whatsapp 447700900011', 'Tony, sms: must be a phone number'],
])('says what is wrong with %j', (text, problem) => {
  const read = readHandPlan(text, 30, senders)
  expect(read.kind === 'invalid' ? read.problems.join('\n') : read.kind).toContain(problem)
})

it('of a line without a name one thing is said', () => {
  const read = readHandPlan('sms 447700900011\nnobody', 30, senders)
  expect(read.kind === 'invalid' ? read.problems.map((problem) => problem.slice(0, 32)) : read.kind).toEqual([
    'Line 1: begin with a name and a ',
    'Line 2: begin with a name and a ',
  ])
})
