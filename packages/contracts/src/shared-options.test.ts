import { expect, test } from 'vitest'

import type { Channel } from './channel.ts'
import type { MessageOptions } from './message-content.ts'
import { optionsFor } from './shared-options.ts'

const options: MessageOptions = {
  ttlSeconds: 600,
  messengerTag: 'ACCOUNT_UPDATE',
  viberButton: { url: 'https://example.com', text: 'Look' },
}

test.each<[Channel, MessageOptions | undefined]>([
  ['sms', { ttlSeconds: 600 }],
  ['messenger', { messengerTag: 'ACCOUNT_UPDATE' }],
  ['viber_service', { ttlSeconds: 600, viberButton: { url: 'https://example.com', text: 'Look' } }],
  ['whatsapp', undefined],
])('%s is told %o', (channel, known) => {
  expect(optionsFor(channel, options)).toEqual(known ? { options: known } : {})
  expect(optionsFor(channel, undefined)).toEqual({})
})
