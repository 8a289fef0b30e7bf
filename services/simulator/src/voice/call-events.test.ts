import { expect, it } from 'vitest'

import { fromHere } from './call-events.ts'

it.each([
  [
    'http://localhost:9000/webhooks/call-key/t?a=1',
    'http://ingress:9000/webhooks/events',
    'http://ingress:9000/webhooks/call-key/t?a=1',
  ],
  ['http://127.0.0.1:9000/x', 'http://ingress:9000/webhooks/events', 'http://ingress:9000/x'],
  ['http://localhost:9000/x', 'http://127.0.0.1:8000/webhooks/events', 'http://localhost:9000/x'],
  ['https://app.example/x', 'http://ingress:9000/webhooks/events', 'https://app.example/x'],
])('%s, with events at %s: %s', (url, eventUrl, asked) => {
  expect(fromHere(url, eventUrl)).toBe(asked)
})
