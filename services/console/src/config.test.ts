import { expect, it } from 'vitest'

import { ticketSecretOf } from './config.ts'

it.each([
  ['http://127.0.0.1:9200', 'secret'],
  ['http://simulator:9200', 'secret'],
  ['https://api.nexmo.com', undefined],
  ['https://api-eu.vonage.com', undefined],
  ['https://proxy.example.com/vonage', undefined],
])('with Vonage at %s the secret of tickets is %s', (VONAGE_API_URL, expected) => {
  expect(ticketSecretOf({ VONAGE_API_URL, CONSOLE_TICKET_SECRET: 'secret' })).toBe(expected)
})
