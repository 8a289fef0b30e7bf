import { once } from 'node:events'
import { createServer } from 'node:http'

import { expect, test } from 'vitest'

import { sayPresent } from './presence.ts'

test.each([
  { of: 'who is not heard while ingress starts', refused: 4, warnings: 0 },
  { of: 'who is not heard again and again', refused: 9, warnings: 1 },
])('$of, says so $warnings times', async ({ refused, warnings }) => {
  const stop = new AbortController()
  let asked = 0
  await using ingress = createServer((_request, response) => {
    asked += 1
    if (asked === refused + 3) stop.abort()
    response.writeHead(asked > refused ? 204 : 503).end()
  }).listen(0, '127.0.0.1')
  await once(ingress, 'listening')
  const address = ingress.address()
  const ingressUrl = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : ''
  const said = new Array<unknown>()
  const log = { warn: (...words: unknown[]) => void said.push(words) }
  await sayPresent({
    ingressUrl,
    tokenSecret: 'secret-of-the-echo-tokens-of-the-tests',
    log,
    signal: stop.signal,
    everyMs: 5,
  })
  expect(said).toHaveLength(warnings)
})
