import fc from 'fast-check'
import { expect, it } from 'vitest'

import { countryOf, readPhoneNumber } from './read-phone-number.ts'
import { timeZonesOf } from './time-zones-of.ts'

it.each([
  ['+44 7400 123456', undefined, '447400123456'],
  ['0044 (7400) 123-456', undefined, '447400123456'],
  ['07400 123456', 'GB', '447400123456'],
  ['447400123456', 'GB', '447400123456'],
  ['447400123456', undefined, '447400123456'],
  ['447400123456', 'US', '447400123456'],
  ['＋81 90 1234 5678', undefined, '819012345678'],
  ['090-1234-5678', 'JP', '819012345678'],
  ['(415) 555-2671', 'US', '14155552671'],
])('reads %j in %s as %s', (text, country, address) => {
  expect(readPhoneNumber(text, country)).toMatchObject({ kind: 'number', address, warnings: [] })
})

it.each(['447700900123', '+447700900000'])('takes the documentation number %s', (text) => {
  expect(readPhoneNumber(text)).toMatchObject({ kind: 'number', address: text.replace('+', ''), country: 'GB' })
})

it('warns about a number that is possible but not valid', () => {
  expect(readPhoneNumber('+15550001111')).toMatchObject({
    kind: 'number',
    warnings: [expect.stringContaining('not in use')],
  })
})

it.each(['', 'abc', '12', '07400 123456', '+44', '+447400123456789012', 'call +447400123456', '+0123456789', '١٢٣'])(
  'refuses %j without a default country',
  (text) => {
    expect(readPhoneNumber(text)).toMatchObject({ kind: 'invalid' })
  },
)

it('crashes on no input, and gives an address of the form that Vonage takes', () => {
  const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789+ ()-')), maxLength: 20 })
  fc.assert(
    fc.property(fc.oneof(fc.string(), digits), fc.constantFrom(undefined, 'GB', 'US', 'XX'), (text, country) => {
      const reading = readPhoneNumber(text, country)
      if (reading.kind === 'number') expect(reading.address).toMatch(/^[1-9]\d{6,14}$/)
    }),
  )
})

it('knows the country of an address and the time zones of a country', () => {
  expect(countryOf('447400123456')).toBe('GB')
  expect(countryOf('14155552671')).toBe('US')
  expect(countryOf('1')).toBeUndefined()
  expect(timeZonesOf('JP')).toEqual(['Asia/Tokyo'])
  expect(timeZonesOf('US').length).toBeGreaterThan(5)
  expect(timeZonesOf('ZZ')).toEqual([])
})
