import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

import { inside, redis } from '../support/compose.ts'

// Somebody has got into one container. What is there for them?

const files: Record<string, string[]> = {
  ingress: [
    'api-key',
    'api-secret',
    'api-tokens',
    'application-id',
    'echo-token-secret',
    'public-key',
    'redis-url',
    'session-secret',
    'signature-secret',
  ],
  'inbound-router': ['application-id', 'redis-url'],
  subscriptions: ['application-id', 'redis-url', 'session-secret'],
  feeds: ['application-id', 'redis-url'],
  notifications: ['application-id', 'redis-url'],
  failover: [
    'api-key',
    'api-secret',
    'application-id',
    'private-key',
    'redis-url',
    'session-secret',
    'signature-secret',
  ],
  outbound: ['api-key', 'api-secret', 'application-id', 'private-key', 'redis-url'],
  console: ['application-id', 'console-password', 'console-ticket-secret', 'redis-url', 'session-secret'],
  echo: ['echo-token-secret'],
  simulator: ['api-tokens'],
}
const services = Object.keys(files)
const usersOfRedis = services.filter((service) => files[service]?.includes('redis-url'))
/** Neither listens outside nor calls out. */
const closedIn = ['inbound-router', 'subscriptions', 'notifications']
/** What the stack of the tests is given by its environment, and to whom. */
const given: Record<string, string[]> = {
  API_TOKENS: ['ingress', 'simulator'],
  CONSOLE_PASSWORD: ['console'],
}
const targets = ['redis:6379', 'simulator:9200', 'echo:3000']
const forbidden = [
  ['CONFIG', 'GET', 'dir'],
  ['CONFIG', 'SET', 'dir', '/tmp'],
  ['ACL', 'LIST'],
  ['ACL', 'SETUSER', 'ingress', '+@all'],
  ['KEYS', '*'],
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['SWAPDB', '0', '1'],
  ['SHUTDOWN', 'NOSAVE'],
  ['DEBUG', 'SLEEP', '0'],
  ['REPLICAOF', '192.0.2.1', '6379'],
  ['MONITOR'],
  ['SAVE'],
  ['MODULE', 'LIST'],
  ['FUNCTION', 'FLUSH'],
  ['FUNCTION', 'LOAD', '#!lua name=x'],
  ['SCRIPT', 'FLUSH'],
  ['CLIENT', 'KILL', 'TYPE', 'normal'],
  ['GET', 'somebody-elses'],
  ['EVAL', 'return redis.call("GET", "somebody-elses")', '0'],
  ['EVAL', 'return redis.call("CONFIG", "GET", "*")', '0'],
  ['SUBSCRIBE', 'all'],
]

const seen = z.object({
  secrets: z.array(z.string()),
  ofOthers: z.array(z.string()),
  variables: z.array(z.string()),
  reached: z.array(z.string()),
  answers: z.array(z.string()),
  stranger: z.string(),
})
/** What each service sees from inside of its container, by the name of the service. */
const sight = new Map<string, z.infer<typeof seen>>()

beforeAll(async () => {
  const script = readFileSync(join(import.meta.dirname, 'look-around.mjs'), 'utf8')
  const asked = JSON.stringify({ targets, commands: [['PING'], ...forbidden] })
  // Whom nothing lets out waits for every address that does not answer.
  await Promise.all(
    services.map(async (service) => {
      const said = await inside(service, 'node', '--input-type=module', '-e', script, asked)
      sight.set(service, seen.parse(JSON.parse(said)))
    }),
  )
})

test.each(services)('%s has its own secrets, and no others', (service) => {
  expect(sight.get(service)?.secrets).toEqual(files[service])
  expect(sight.get(service)?.ofOthers).toEqual([])
  const variables = sight.get(service)?.variables ?? []
  for (const [variable, users] of Object.entries(given)) {
    if (variables.includes(variable)) expect(users, variable).toContain(service)
  }
})

test('only its users reach Redis, and only who calls out reaches anybody else', () => {
  const reached = services.map((service) => [service, sight.get(service)?.reached])
  expect(Object.fromEntries(reached)).toEqual(
    Object.fromEntries(services.map((service) => [service, withinReachOf(service)])),
  )
})

test.each(usersOfRedis)('%s may do to Redis what it needs, and no more', (service) => {
  const [hello, ...answers] = sight.get(service)?.answers ?? []
  expect(hello).toBe('PONG')
  expect(forbidden.flatMap((command, index) => (isRefused(answers[index]) ? [] : [[command, answers[index]]]))).toEqual(
    [],
  )
  expect(sight.get(service)?.stranger).toMatch(/^NOAUTH/)
})

test('and what they need they may: Redis has refused nothing else', async () => {
  const entry = z.object({ object: z.string(), username: z.string() })
  const log = z.array(entry).parse(JSON.parse(await redis('--json ACL LOG 1000')))
  const tried = new Set(forbidden.flatMap(([name = '', sub = '']) => [name, `${name}|${sub}`, sub, 'somebody-elses']))
  const isTried = (object: string) => [...tried].some((name) => name.toLowerCase() === object)
  expect(log.filter(({ username, object }) => usersOfRedis.includes(username) && !isTried(object))).toEqual([])
})

function isRefused(answer = ''): boolean {
  return /^NOPERM|ACL failure|not allowed/.test(answer)
}

function withinReachOf(service: string): string[] {
  if (closedIn.includes(service)) return ['redis:6379']
  return usersOfRedis.includes(service) ? targets : targets.slice(1)
}
