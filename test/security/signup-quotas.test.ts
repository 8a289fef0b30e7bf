import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { eventually } from '../support/eventually.ts'
import { sendSignup } from '../support/signup-form.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

// Somebody makes us send messages to others. A stack of its own: what they use up is everybody's.
const limits = { perIpPerHour: 3, perAddressPerDay: 1, perCountryPerDay: 5, perDay: 7 }
const file = join(tmpdir(), `switchboard-signup-quotas-${process.pid}.json`)
let stack: TestStack
beforeAll(async () => {
  const own = join(import.meta.dirname, '../support/e2e.config.json')
  const config: unknown = JSON.parse(readFileSync(own, 'utf8'))
  const signup = { ...Object(Object(config).signup), countries: ['GB', 'DE'], ...limits }
  writeFileSync(file, JSON.stringify({ ...Object(config), signup }))
  const env = { SWITCHBOARD_CONFIG: file, TRUST_PROXY: '1' }
  stack = await startTestStack({ redisServerUrl: inject('redisUrl'), env })
})
afterAll(async () => {
  await stack[Symbol.asyncDispose]()
  rmSync(file, { force: true })
})

let networks = 0
const anotherNetwork = () => `2001:db8:0:${(networks += 1).toString(16)}::1`

/** What the page answers: `sent`, whatever became of it, or the status of a refusal. */
async function signUp(number: string, from = anotherNetwork()): Promise<string> {
  const answer = await sendSignup(stack.addresses.ingress, { number }, { 'x-forwarded-for': from })
  await answer.body?.cancel()
  return answer.headers.get('location') === '/signup/sent' ? 'sent' : String(answer.status)
}

/** Which limits were met, as the log says. */
function limited(): string[] {
  return [...readFileSync(stack.logFile, 'utf8').matchAll(/"limit":"(\w+)"/g)].map(([, limit = '']) => limit)
}

const british = (index: number) => `+4477100000${String(index).padStart(2, '0')}`
const german = (index: number) => `+49151123456${String(index).padStart(2, '0')}`

test('sign-ups end with the quota of a /64, of a number, of a country, and of all together', async () => {
  const ofOne = ['2001:db8:ffff:1::1', '2001:db8:ffff:1::2', '2001:db8:ffff:1:ffff:ffff:ffff:ffff']
  for (const [index, from] of ofOne.entries()) expect(await signUp(british(index), from)).toBe('sent')
  expect(await signUp(british(3), '2001:db8:ffff:1:1234::')).toBe('429')
  expect(await signUp(british(3), '2001:db8:ffff:2::1')).toBe('sent')

  // Nobody is told that a number was signed up before.
  expect(await signUp(british(0))).toBe('sent')
  expect(await signUp(british(4))).toBe('sent')
  expect(await signUp(british(5))).toBe('429')

  expect([await signUp(german(0)), await signUp(german(1)), await signUp(german(2))]).toEqual(['sent', 'sent', '429'])
  await eventually(async () => expect(limited()).toEqual(['ip', 'address', 'country', 'all']))
})
