import { issueToken } from '@switchboard/tokens'
import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { installProblems } from '../problem.ts'
import { echoPresenceRoutes } from './echo-presence.ts'

const now = 1_790_000_000_000
const tokenSecret = 'a secret of many characters'
const subject = '0.1.0 echo-1:42 1789999999000'
const claim = { purpose: 'presence', subject, ttlSeconds: 300, now } as const

it.each([
  ['an echo', issueToken(tokenSecret, claim), 204],
  ['nobody', undefined, 401],
  ['somebody with another secret', issueToken('another secret of many characters', claim), 401],
  ['a call', issueToken(tokenSecret, { ...claim, purpose: 'echo' }), 401],
  ['an echo of long ago', issueToken(tokenSecret, { ...claim, now: now - 400_000 }), 401],
  ['one that writes more', issueToken(tokenSecret, { ...claim, subject: `${subject} more` }), 401],
])('%s says that it is there', async (_, token, status) => {
  const app = fastify()
  const noted: string[] = []
  installProblems(app)
  echoPresenceRoutes(app, {
    voice: { tokenSecret },
    now: () => now,
    notePresence: async (self) => void noted.push(self),
  })
  const authorization = token ? { authorization: `Bearer ${await token}` } : {}
  const answer = await app.inject({ method: 'POST', url: '/echo/presence', headers: authorization })
  expect(answer.statusCode).toBe(status)
  expect(noted).toEqual(status === 204 ? [`echo ${subject}`] : [])
})
