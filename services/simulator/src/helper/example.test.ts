import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSimulator, type StartedSimulator } from './start-simulator.cjs'

// What is tested: an application that says every SMS back.
let vonage: StartedSimulator
const application = createServer(async (request, response) => {
  const inbound = JSON.parse(await text(request))
  response.end()
  if (request.url !== '/webhooks/inbound') return
  const { apiKey, apiSecret } = vonage.credentials
  const answer = { from: inbound.to, to: inbound.from, text: `You said: ${inbound.text}` }
  const sms = new URLSearchParams({ api_key: apiKey, api_secret: apiSecret, ...answer })
  await fetch(`${vonage.url}/sms/json`, { method: 'POST', body: sms })
})

beforeAll(async () => {
  application.listen(0)
  await once(application, 'listening')
  const address = application.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  vonage = await startSimulator({ callbackUrl: `http://127.0.0.1:${address.port}` })
})
afterAll(async () => {
  await vonage.stop()
  application.close()
})

test('a text is said back', async () => {
  const alice = vonage.phone('sms', '447700900010')
  await alice.sends('hello')
  const answer = await alice.expects(/^You said/)
  expect(answer).toMatchObject({ text: 'You said: hello', status: 'delivered' })
})
