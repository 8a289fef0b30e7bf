import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

// Somebody guesses tokens and passwords. A stack of its own: what they cause holds for everybody.
let stack: TestStack
beforeAll(async () => {
  stack = await startTestStack({ redisServerUrl: inject('redisUrl'), env: { CONSOLE_LOGIN_ATTEMPTS: '5' } })
})
afterAll(() => stack[Symbol.asyncDispose]())

const askWith = (token: string) =>
  fetch(`${stack.addresses.ingress}/api/alerts`, { headers: { authorization: `Bearer ${token}` } })

test('wrong tokens are refused, then not even looked at, and leave a trace; the right one is always taken', async () => {
  const codes: number[] = []
  for (let guess = 0; guess < 150; guess += 1) codes.push((await askWith(`guess-${guess}-of-a-token`)).status)
  expect(new Set(codes)).toEqual(new Set([401, 429]))
  expect(codes.filter((code) => code === 429).length).toBeGreaterThanOrEqual(30)
  expect((await askWith(stack.addresses.apiToken)).status).toBe(200)
  const lines = readFileSync(stack.logFile, 'utf8').split('\n')
  const refused = lines.filter((line) => line.includes('token.refused'))
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(5)
  expect(lines.join('\n')).not.toContain('guess-1-of-a-token')
})

const login = (index: number) =>
  fetch(`${stack.addresses.console}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'x-forwarded-for': `192.0.2.${index}` },
    body: new URLSearchParams({ password: `guess-${index}` }),
  })

test('X-Forwarded-For gives nobody another address', async () => {
  const codes: number[] = []
  for (let guess = 0; guess < 8; guess += 1) codes.push((await login(guess)).status)
  expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
})

test('unsigned webhooks fill no log', async () => {
  for (let time = 0; time < 100; time += 1) {
    await fetch(`${stack.addresses.ingress}/webhooks/inbound`, { method: 'POST', body: '{}' })
  }
  const log = readFileSync(stack.logFile, 'utf8')
  expect(log.match(/webhook\.unsigned/g)?.length).toBeLessThan(3)
  expect(log).not.toMatch(/"stack":"[^"]*Not signed|"stack":"[^"]*no signature/)
})
