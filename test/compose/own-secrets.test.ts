import { expect, test } from 'vitest'
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
  redis: ['admin-password', 'users.acl'],
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

test.each(services)('%s has its own secrets, and no others', async (service) => {
  const found = (await inside(service, 'ls', '/secrets')).trim().split(/\s+/)
  expect(found).toEqual(files[service])
  const variables = (await inside(service, 'env')).split('\n').map((line) => line.split('=')[0])
  for (const [variable, users] of Object.entries(given)) {
    if (variables.includes(variable)) expect(users, variable).toContain(service)
  }
})

test('all of them lie where no service is', async () => {
  for (const service of services.filter((name) => name !== 'redis')) {
    expect((await inside(service, 'ls', '/handed-out/ingress')).trim(), service).toBe('')
  }
})

/** Run inside of a container, with nothing but Node: which of the names in its arguments can be connected to. */
const whoAnswers = `
  const { connect } = require('node:net')
  const tried = process.argv.slice(1).map((target) => new Promise((resolve) => {
    const [host, port] = target.split(':')
    const socket = connect({ host, port }).setTimeout(3000)
    for (const [event, is] of [['connect', true], ['error', false], ['timeout', false]])
      socket.once(event, () => { socket.destroy(); resolve(is && target) })
  }))
  Promise.all(tried).then((found) => console.log(JSON.stringify(found.filter(Boolean))))`

async function reaches(service: string, targets: string[]): Promise<string[]> {
  return z.array(z.string()).parse(JSON.parse(await inside(service, 'node', '-e', whoAnswers, ...targets)))
}

test('only its users reach Redis, and only who calls out reaches anybody else', async () => {
  const targets = ['redis:6379', 'simulator:9200', 'echo:3000']
  const expected = (service: string) =>
    closedIn.includes(service) ? ['redis:6379'] : usersOfRedis.includes(service) ? targets : targets.slice(1)
  const nodes = services.filter((name) => name !== 'redis')
  const reached = await Promise.all(nodes.map(async (service) => [service, await reaches(service, targets)] as const))
  expect(Object.fromEntries(reached)).toEqual(Object.fromEntries(nodes.map((service) => [service, expected(service)])))
})

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

/** Run inside of a container, in the folder of a service that has ioredis: what Redis answers to each command. */
const askRedis = `
  import { readFileSync } from 'node:fs'
  import { Redis } from '/app/packages/runtime/node_modules/ioredis/built/index.js'
  const url = readFileSync('/secrets/redis-url', 'utf8').trim()
  const answer = (client, [name, ...args]) =>
    client.call(name, ...args).then((text) => String(text), (error) => error.message)
  const own = new Redis(url)
  const nobody = new Redis(url.replace(/\\/\\/.*@/, '//'), { enableReadyCheck: false })
  nobody.on('error', () => undefined)
  const [commands] = process.argv.slice(1).map((text) => JSON.parse(text))
  const answers = []
  for (const command of commands) answers.push(await answer(own, command))
  console.log(JSON.stringify({ answers, hello: await answer(own, ['PING']), stranger: await answer(nobody, ['PING']) }))
  process.exit(0)`
const asked = z.object({ answers: z.array(z.string()), hello: z.string(), stranger: z.string() })

test.each(usersOfRedis)('%s may do to Redis what it needs, and no more', async (service) => {
  const said = await inside(service, 'node', '--input-type=module', '-e', askRedis, JSON.stringify(forbidden))
  const { answers, hello, stranger } = asked.parse(JSON.parse(said))
  expect(hello).toBe('PONG')
  expect(stranger).toMatch(/^NOAUTH/)
  const allowed = forbidden.filter(
    (_, index) => !/^NOPERM|ACL failure|^ERR DEBUG command not allowed/.test(answers[index] ?? ''),
  )
  expect(allowed, answers.join('\n')).toEqual([])
})

test('and what they need they may: Redis has refused nothing else', async () => {
  const log = await redis('--json ACL LOG 1000')
  const entry = z.object({ object: z.string(), username: z.string(), context: z.string() })
  const refused = z
    .array(entry)
    .parse(JSON.parse(log))
    .filter(({ username }) => usersOfRedis.includes(username))
  const tried = new Set(forbidden.flatMap(([name = '', sub = '']) => [name, `${name}|${sub}`, sub, 'somebody-elses']))
  expect(refused.filter(({ object }) => ![...tried].some((name) => name.toLowerCase() === object))).toEqual([])
})
