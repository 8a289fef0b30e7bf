import cookie from '@fastify/cookie'
import { issueToken } from '@switchboard/tokens'
import type { TokenPurpose } from '@switchboard/tokens'
import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { createSessions } from './sessions.ts'
import { ticketRoutes } from './ticket-routes.ts'

const SECRET = 'the secret of tickets, long enough for tokens'
const HOST = 'localhost:9100'
const START = 1_790_000_000_000

async function startConsole({ ticketSecret }: { ticketSecret?: string } = { ticketSecret: SECRET }) {
  const clock = { now: START }
  const used = new Set<string>()
  const entries: string[] = []
  const app = fastify({ trustProxy: true })
  await app.register(cookie)
  const ended = { end: async () => undefined, hasEnded: async () => false }
  await app.register(async (scope) =>
    ticketRoutes(scope, {
      ticketSecret,
      sessions: createSessions({
        secret: 'another secret of 16',
        passwords: {},
        accounts: { get: async () => undefined },
        secondFactor: { isRequired: false, isSharedOver: async () => false },
        ttlSeconds: 60,
        now: () => clock.now,
        ended,
      }),
      openSessions: { add: async () => undefined },
      usedTickets: { use: async (id) => !used.has(id) && Boolean(used.add(id)) },
      trail: { add: async ({ who, action, target }) => void entries.push(`${who} ${action} ${target}`) },
      loginAttempts: 20,
      now: () => clock.now,
    }),
  )
  const enter = (ticket: string, headers: Record<string, string> = {}, to = '/queues/') =>
    app.inject({ url: '/ticket', query: { ticket, to }, headers: { host: HOST, ...headers } })
  return { app, clock, entries, enter }
}

function ticket(change: { secret?: string; purpose?: TokenPurpose; subject?: string } = {}) {
  const { secret = SECRET, purpose = 'ticket', subject = HOST } = change
  return issueToken(secret, { purpose, subject, ttlSeconds: 30, now: START })
}

it('opens the console once, and says so in the audit trail', async () => {
  const { enter, entries } = await startConsole()
  const given = await ticket()
  const first = await enter(given)
  expect([first.statusCode, first.headers.location]).toEqual([303, '/queues/'])
  expect(first.cookies).toMatchObject([{ name: 'switchboard_session', httpOnly: true, sameSite: 'Lax' }])
  expect(entries).toEqual(['Try it login ticket'])
  const second = await enter(given)
  expect([second.statusCode, second.cookies]).toEqual([403, []])
})

it('of many that use one ticket at once, one gets in', async () => {
  const { enter } = await startConsole()
  const given = await ticket()
  const answers = await Promise.all(Array.from({ length: 10 }, () => enter(given)))
  expect(answers.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1)
})

const attacks: [string, Parameters<typeof ticket>[0], Record<string, string>][] = [
  ['under a name of somebody else’s that leads here', {}, { host: 'evil.test:9100' }],
  ['made for such a name', { subject: 'evil.test:9100' }, { host: 'evil.test:9100' }],
  ['under another name of this machine', {}, { host: '127.0.0.1:9100' }],
  ['of a console on another port', { subject: 'localhost:9101' }, {}],
  ['under a foreign host, with ours forwarded', {}, { host: 'evil.test', 'x-forwarded-host': HOST }],
  ['signed with another secret', { secret: 'some other secret that is long enough' }, {}],
  ['that is a session', { purpose: 'session' }, {}],
  ['that is a token of the echo', { purpose: 'echo' }, {}],
]
it.each(attacks)('refuses a ticket %s', async (_, change, headers) => {
  const { enter, entries } = await startConsole()
  const answer = await enter(await ticket(change), headers)
  expect([answer.statusCode, answer.cookies, entries]).toEqual([403, [], []])
})

it('refuses a ticket after half a minute, a changed one, none, and two', async () => {
  const { app, enter, clock } = await startConsole()
  const given = await ticket()
  expect((await enter(`${given.slice(0, -2)}xx`)).statusCode).toBe(403)
  expect((await enter('')).statusCode).toBe(403)
  const twice = await app.inject({ url: `/ticket?ticket=${given}&ticket=${given}`, headers: { host: HOST } })
  expect([twice.statusCode, twice.cookies]).toEqual([400, []])
  clock.now += 30_000
  expect((await enter(given)).statusCode).toBe(403)
})

it('leads to no other site', async () => {
  const { enter } = await startConsole()
  expect((await enter(await ticket(), {}, '//evil.test/')).headers.location).toBe('/')
})

it('has a limit of tries', async () => {
  const { enter } = await startConsole()
  for (let attempt = 0; attempt < 20; attempt += 1) await enter('junk')
  expect((await enter(await ticket())).statusCode).toBe(429)
})

it('without a secret, which a real account never has, there is no such way in', async () => {
  const { enter } = await startConsole({})
  expect((await enter(await ticket())).statusCode).toBe(404)
})
