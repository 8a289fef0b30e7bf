import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  addressProblem,
  alertChannels,
  alertFactsOf,
  channels,
  factsOf,
  parseAlertChannel,
  parseChannel,
  reportsRead,
} from './channel.ts'
import { switchboardConfig } from './config.ts'
import { contactId, parseContactId, personId } from './contact.ts'
import { contentProblems } from './content-problems.ts'
import { outboundQueues } from './queues/outbound.ts'
import { packQueues } from './queues/packs.ts'

describe('parseChannel', () => {
  it.each([
    ['sms', 'sms'],
    ['viber_service', 'viber_service'],
    ['viber_service_msg', 'viber_service'],
    ['viber_sevice_msg', 'viber_service'],
    ['SMS', undefined],
    ['rcs', undefined],
    ['', undefined],
  ])('%o is %s', (name, expected) => expect(parseChannel(name)).toBe(expected))
})

describe('addressProblem', () => {
  it.each([
    ['sms', '4477009', undefined],
    ['sms', '447700900010', undefined],
    ['whatsapp', '123456789012345', undefined],
    ['messenger', '7283648726348726', undefined],
    ['sms', '447700', 'digits'],
    ['sms', '1234567890123456', 'digits'],
    ['sms', '+447700900010', 'digits'],
    ['sms', '0447700900010', 'digits'],
    ['viber_service', 'Tony', 'digits'],
    ['messenger', '', 'page-scoped'],
    ['messenger', 'a b', 'page-scoped'],
  ] as const)('%s %o: %s', (channel, value, expected) => {
    const problem = addressProblem(channel, value)
    if (expected === undefined) expect(problem).toBeUndefined()
    else expect(problem).toContain(expected)
  })
})

describe('contactId', () => {
  it('is read back, whatever the address', () => {
    fc.assert(
      fc.property(fc.constantFrom(...channels), fc.string({ minLength: 1, maxLength: 100 }), (channel, address) => {
        expect(parseContactId(contactId({ channel, address }))).toEqual({ channel, address })
      }),
    )
  })

  it.each(['', 'sms', 'sms.', 'fax.447700900010', '.447700900010'])('%o is none', (id) => {
    expect(() => parseContactId(id)).toThrow()
  })
})

it.each([
  ['sms', '447700900010', 'tel.447700900010'],
  ['whatsapp', '447700900010', 'tel.447700900010'],
  ['viber_service', '447700900010', 'tel.447700900010'],
  ['messenger', '447700900010', 'messenger.447700900010'],
] as const)('the person behind %s %s is %s', (channel, address, person) => {
  expect(personId({ channel, address })).toBe(person)
})

it('only SMS never reports that it was read', () => {
  expect(channels.filter((channel) => !reportsRead(channel))).toEqual(['sms'])
})

it('whatever a channel is called means that one alone', () => {
  for (const channel of channels) {
    for (const name of [channel, ...(factsOf[channel].otherNames ?? [])]) expect(parseAlertChannel(name)).toBe(channel)
  }
  const shown = alertChannels.flatMap((on) => [alertFactsOf[on].label, alertFactsOf[on].how])
  expect(new Set(shown).size).toBe(alertChannels.length * 2)
})

it('every channel can be configured, and its messages have queues of their own', () => {
  const { senders, rates, templates } = switchboardConfig.shape
  expect(Object.keys(senders.unwrap().shape)).toEqual(alertChannels)
  expect(Object.keys(rates.unwrap().shape)).toEqual(alertChannels)
  expect(Object.keys(templates.unwrap().shape)).toEqual(channels)
  const names = channels.flatMap((on) => [outboundQueues[on].name, packQueues[on].name])
  const written = channels.map((on) => on.replaceAll('_', '-'))
  expect(names).toEqual(written.flatMap((on) => [`outbound-${on}`, `pack-${on}`]))
})

it.each(channels)('%s takes a text as long as it says, and an alert is no longer', (on) => {
  const { maxAlertLength, maxTextLength } = factsOf[on]
  expect(maxAlertLength).toBeLessThanOrEqual(maxTextLength)
  expect(contentProblems(on, { text: 'x'.repeat(maxTextLength) })).toEqual([])
  expect(contentProblems(on, { text: 'x'.repeat(maxTextLength + 1) })).toHaveLength(1)
})
