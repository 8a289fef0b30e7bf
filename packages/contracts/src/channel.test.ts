import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addressProblem, channels, parseChannel, reportsRead } from './channel.ts'
import { contactId, parseContactId, personId } from './contact.ts'

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
