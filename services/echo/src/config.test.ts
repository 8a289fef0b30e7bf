import { loadConfig } from '@switchboard/runtime'
import { expect, it } from 'vitest'

import { configSchema } from './config.ts'

const long = 'sixteen characters at least'

it.each([
  [{ ECHO_TOKEN_SECRET: long }, long],
  [{ SESSION_SECRET: long }, long],
  [{ ECHO_TOKEN_SECRET: long, SESSION_SECRET: 'another long enough secret' }, long],
])('takes the secret of %j', (env, tokenSecret) => {
  expect(loadConfig(configSchema, env)).toMatchObject({ tokenSecret, ECHO_PORT: 3_000, ECHO_MAX_CALLS: 500 })
})

it.each([
  [{}, 'SESSION_SECRET: is required'],
  [{ ECHO_MAX_CALLS: '0' }, 'SESSION_SECRET: is required'],
  [{ SESSION_SECRET: 'short' }, 'SESSION_SECRET: must have at least 16 characters'],
  [{ ECHO_TOKEN_SECRET: long, ECHO_MAX_CALLS: '0' }, 'ECHO_MAX_CALLS'],
])('refuses %j', (env, problem) => {
  expect(() => loadConfig(configSchema, env)).toThrow(problem)
})
