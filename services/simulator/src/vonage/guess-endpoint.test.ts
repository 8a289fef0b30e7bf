import { expect, test } from 'vitest'

import type { Endpoint } from './endpoint.ts'
import { guessEndpoint } from './guess-endpoint.ts'

const known: Pick<Endpoint, 'method' | 'paths'>[] = [
  { method: 'POST', paths: ['/v1/messages'] },
  { method: 'PATCH', paths: ['/v1/messages/:id'] },
  { method: 'POST', paths: ['/v0.1/messages'] },
  { method: 'POST', paths: ['/v0.1/dispatch', '/v0.1/dispatch/'] },
  { method: 'POST', paths: ['/sms/json'] },
  { method: 'GET', paths: ['/v1/calls'] },
  { method: 'POST', paths: ['/v1/calls'] },
  { method: 'PUT', paths: ['/v1/calls/:uuid/talk'] },
]

test.each([
  ['GET', '/v1/messages', 'POST /v1/messages'],
  ['POST', '/v1/messages/', 'POST /v1/messages'],
  ['POST', '/v1/message', 'POST /v1/messages'],
  ['POST', '/messages?a=b', 'POST /v1/messages'],
  ['POST', '/v2/messages', 'POST /v1/messages'],
  ['POST', '/v1/v1/messages', 'POST /v1/messages'],
  ['DELETE', '/v1/messages/3f0c', 'PATCH /v1/messages/:id'],
  ['DELETE', '/v1/calls', 'GET /v1/calls or POST /v1/calls'],
  ['PUT', '/v1/calls/3f0c/speak', 'PUT /v1/calls/:uuid/talk'],
  ['POST', '/sms', 'POST /sms/json'],
  ['POST', '/sms/xml', "another format of Vonage's SMS API, which the simulator does not have"],
  ['POST', '/v2/verify/', "Vonage's Verify API, which the simulator does not have"],
  ['GET', '/account/get-balance', "Vonage's Account API, which the simulator does not have"],
  ['GET', '/v2/applications', "Vonage's Application API, which the simulator does not have"],
  ['GET', '/something/else/altogether', null],
] as const)('%s %s: perhaps %s', (method, url, expected) => {
  expect(guessEndpoint(method, url, known)).toBe(expected)
})
