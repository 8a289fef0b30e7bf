import { expect, it } from 'vitest'
import { z } from 'zod'

import { voiceEnvironment, voiceSettingsOf } from './voice-config.ts'

const schema = z.object({ ...voiceEnvironment, SESSION_SECRET: z.string() })
const settings = (env: Record<string, string>) =>
  voiceSettingsOf(schema.parse({ SESSION_SECRET: 'the session secret', ...env }))

it.each([
  [
    {},
    {
      socketUrl: 'ws://127.0.0.1:3000/socket',
      sampleRate: 16_000,
      language: 'en-US',
      tokenSecret: 'the session secret',
    },
  ],
  [{ ECHO_URL: 'wss://echo.example' }, { socketUrl: 'wss://echo.example/socket' }],
  [{ ECHO_URL: 'wss://example.com/voice/socket' }, { socketUrl: 'wss://example.com/voice/socket' }],
  [
    { ECHO_RATE: '8000', ECHO_LANGUAGE: 'ja-JP', ECHO_GREETING: 'もしもし' },
    { sampleRate: 8_000, greeting: 'もしもし' },
  ],
  [{ ECHO_TOKEN_SECRET: 'a secret for calls only' }, { tokenSecret: 'a secret for calls only' }],
])('reads %j', (env, expected) => {
  expect(settings(env)).toMatchObject(expected)
})

it.each([{ ECHO_RATE: '44100' }, { ECHO_URL: 'https://echo.example' }, { ECHO_TOKEN_SECRET: 'short' }])(
  'refuses %j',
  (env) => {
    expect(() => settings(env)).toThrow()
  },
)
