import { createServer } from 'node:net'

import { expect, test } from 'vitest'

import { choosePorts, serviceEnvironment, stackEnvironment, wantsSimulator } from './stack-environment.ts'
import type { Environment } from './stack-environment.ts'

const settings = {
  root: '/app',
  dataFolder: '/app/.data',
  redisUrl: 'redis://127.0.0.1:1',
  ports: { ingress: 1, echo: 2, console: 3, simulator: 4 },
  secrets: {
    API_TOKENS: '/s/tokens',
    SESSION_SECRET: '/s/session',
    ECHO_TOKEN_SECRET: '/s/echo',
    CONSOLE_PASSWORD: '/s/password',
  },
}

test.each<[Environment, boolean]>([
  [{}, true],
  [{ VONAGE_SMS_UNSIGNED: 'true' }, true],
  [{ VONAGE_API_URL: 'http://127.0.0.1:1' }, false],
  [{ VONAGE_APPLICATION_ID: 'a' }, false],
  [{ VONAGE_APPLICATION_ID_FILE: 'a' }, false],
])('%j wants a simulator: %s', (env, expected) => {
  expect(wantsSimulator(env)).toBe(expected)
})

test('without a word from the person, everything is ours', () => {
  expect(stackEnvironment({}, settings)).toMatchObject({
    REDIS_URL: 'redis://127.0.0.1:1',
    SWITCHBOARD_CONFIG: '/app/switchboard.config.json',
    PUBLIC_URL: 'http://localhost:1',
    ECHO_URL: 'ws://localhost:2/socket',
    INGRESS_URL: 'http://127.0.0.1:1',
    API_TOKENS_FILE: '/s/tokens',
    VONAGE_API_URL: 'http://127.0.0.1:4',
    VONAGE_PRIVATE_KEY_FILE: '/app/.data/simulator/private.key',
    SIMULATOR_CALLBACK_URL: 'http://127.0.0.1:1',
  })
})

test('the console has tickets with a simulator that only this machine reaches', () => {
  expect(stackEnvironment({}, settings)).toMatchObject({
    SIMULATOR_CONSOLE_URL: 'http://localhost:3',
    CONSOLE_TICKET_SECRET_FILE: '/app/.data/simulator/console-ticket-secret',
  })
  for (const env of [{ SIMULATOR_HOST: '0.0.0.0' }, { VONAGE_APPLICATION_ID: 'a' }, { VONAGE_API_URL: 'https://v' }]) {
    expect(stackEnvironment(env, settings)).not.toHaveProperty('CONSOLE_TICKET_SECRET_FILE')
    expect(stackEnvironment(env, settings)).not.toHaveProperty('SIMULATOR_CONSOLE_URL')
  }
})

test('what the person has set wins', () => {
  const env = { API_TOKENS: 'mine', SESSION_SECRET_FILE: '/mine', PUBLIC_URL: 'https://x', VONAGE_API_URL: 'https://v' }
  const result = stackEnvironment(env, settings)
  expect(result).toMatchObject(env)
  expect(result).not.toHaveProperty('API_TOKENS_FILE')
  expect(result).not.toHaveProperty('VONAGE_PRIVATE_KEY_FILE')
})

test('the simulator makes the credentials and is not sent to read them', () => {
  const shared = stackEnvironment({}, settings)
  expect(serviceEnvironment('outbound', shared, 8)).toMatchObject({ HEALTH_PORT: '8', VONAGE_API_KEY_FILE: /api-key$/ })
  expect(serviceEnvironment('simulator', shared, 8)).not.toHaveProperty('VONAGE_API_KEY_FILE')
})

test('a taken port is an error naming its variable, unless nobody needs it', async () => {
  await using taken = await listen()
  const env = { INGRESS_PORT: String(taken.port), ECHO_PORT: '0', CONSOLE_PORT: '0', SIMULATOR_PORT: '0' }
  await expect(choosePorts(env, () => true)).rejects.toThrow(`port ${taken.port} is taken`)
  await expect(choosePorts(env, () => true)).rejects.toThrow('INGRESS_PORT')
  await expect(choosePorts(env, () => false)).resolves.toMatchObject({ ingress: taken.port })
  await expect(choosePorts({ ...env, INGRESS_PORT: 'x' }, () => true)).rejects.toThrow('INGRESS_PORT: must be a port')
})

async function listen(): Promise<AsyncDisposable & { port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}
