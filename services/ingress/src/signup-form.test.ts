import { switchboardConfig } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { readSignup, signupChannels, signupForm } from './signup-form.ts'

const template = { name: 'shop:signup', locale: 'en_GB' }
const config = {
  senders: { sms: '447700900000', whatsapp: '447700900001', messenger: '1', viber_service: 'Shop' },
  feeds: { MSFT: { source: 'push' } },
  defaultCountry: 'GB',
  signup: { countries: ['GB'] },
}
const settings = switchboardConfig.parse(config)
const form = { channel: 'sms', number: '07400 123456', topic: 'MSFT', token: 't' }

describe('readSignup', () => {
  it('reads a number in the form of the default country', () => {
    expect(readSignup(signupForm.parse(form), settings)).toEqual({
      kind: 'signup',
      contact: { channel: 'sms', address: '447400123456' },
      topic: 'MSFT',
      country: 'GB',
    })
  })

  it.each([
    [{}, { channel: expect.any(String), number: 'Enter your phone number.', topic: 'Choose a topic.' }],
    [{ ...form, number: 'x' }, { number: expect.stringContaining('not a phone number') }],
    [{ ...form, channel: 'messenger' }, { channel: expect.any(String) }],
    [{ ...form, channel: 'whatsapp' }, { channel: expect.any(String) }],
    [{ ...form, topic: 'constructor' }, { topic: 'Choose a topic.' }],
    [
      { ...form, number: ['1', '2'], topic: ['MSFT', 'MSFT'] },
      { number: expect.any(String), topic: expect.any(String) },
    ],
  ])('says what is wrong with %j', (given, errors) => {
    expect(readSignup(signupForm.parse(given), settings)).toEqual({ kind: 'invalid', errors })
  })

  it('takes numbers of the configured countries only', () => {
    const american = { ...form, number: '+1 415 555 2671' }
    expect(readSignup(signupForm.parse(american), settings)).toMatchObject({ errors: { number: expect.any(String) } })
    expect(readSignup(signupForm.parse(form), settings)).toMatchObject({ kind: 'signup' })
  })
})

it('offers the channels on which we may write first', () => {
  expect(signupChannels(settings)).toEqual(['sms', 'viber_service'])
  expect(
    signupChannels(switchboardConfig.parse({ ...config, signup: { countries: ['GB'], whatsappTemplate: template } })),
  ).toContain('whatsapp')
  expect(signupChannels(switchboardConfig.parse({ ...config, templates: { whatsapp: template } }))).toContain(
    'whatsapp',
  )
  expect(signupChannels(switchboardConfig.parse({}))).toEqual([])
})
