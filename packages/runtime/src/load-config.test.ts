import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { commonEnvironment, flag, port, redisEnvironment, settingsFile, vonageEnvironment } from './environment.ts'
import { ConfigError, formatPath, loadConfig } from './load-config.ts'
import type { Environment } from './load-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'switchboard-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const schema = z.object({ PORT: port.default(9_000), TOKEN: z.string().min(8), VERBOSE: flag })

function problemsOf(shape: z.ZodObject, env: Environment): string[] {
  try {
    loadConfig(shape, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('loadConfig', () => {
  it.each<[string, Environment, z.infer<typeof schema>]>([
    ['variables', { PORT: '1', TOKEN: 'long enough' }, { PORT: 1, TOKEN: 'long enough', VERBOSE: false }],
    [
      'an empty value as unset',
      { PORT: '', TOKEN: 'long enough' },
      { PORT: 9_000, TOKEN: 'long enough', VERBOSE: false },
    ],
    ['yes and no', { TOKEN: 'long enough', VERBOSE: 'true' }, { PORT: 9_000, TOKEN: 'long enough', VERBOSE: true }],
    [
      'a file, without the newline at its end',
      { TOKEN_FILE: file('token', 'from a file\n') },
      { PORT: 9_000, TOKEN: 'from a file', VERBOSE: false },
    ],
    [
      'a variable before its file',
      { TOKEN: 'from the variable', TOKEN_FILE: join(folder, 'missing') },
      { PORT: 9_000, TOKEN: 'from the variable', VERBOSE: false },
    ],
  ])('reads %s', (_, env, expected) => expect(loadConfig(schema, env)).toEqual(expected))

  it('names everything that is wrong, at once', () => {
    expect(problemsOf(schema, { PORT: '70000', VERBOSE: 'perhaps' })).toEqual([
      expect.stringMatching(/^PORT: /),
      'TOKEN: is required',
      expect.stringMatching(/^VERBOSE: /),
    ])
  })

  it('says of a file only that it cannot be read', () => {
    expect(problemsOf(schema, { TOKEN_FILE: join(folder, 'missing') })).toEqual([
      expect.stringMatching(/^TOKEN_FILE: cannot read .*missing/),
    ])
  })

  it('puts all problems into the message, one per line', () => {
    expect(() => loadConfig(schema, { PORT: 'x' })).toThrow(
      /^The configuration has 2 problems:\n {2}- PORT: .*\n {2}- TOKEN: is required$/,
    )
  })
})

describe('the settings file', () => {
  const withSettings = z.object({ SWITCHBOARD_CONFIG: settingsFile, TOKEN: z.string() })

  it('is read with its defaults', () => {
    const path = file('good.json', JSON.stringify({ senders: { sms: '447700900000' } }))
    const config = loadConfig(withSettings, { SWITCHBOARD_CONFIG: path, TOKEN: 'a' })
    expect(config.SWITCHBOARD_CONFIG).toMatchObject({ senders: { sms: '447700900000' }, feeds: {} })
  })

  const bad = JSON.stringify({ rates: { sms: 0 }, feeds: { MSFT: {} } })

  it.each([
    ['named', { SWITCHBOARD_CONFIG: file('bad.json', bad) }, folder],
    ['found where it usually is', {}, undefined],
  ])('has its problems named by path, together with the others, when it is %s', (_, env, cwd) => {
    const before = process.cwd()
    process.chdir(cwd ?? folder)
    file('switchboard.config.json', bad)
    const problems = problemsOf(withSettings, env)
    process.chdir(before)
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^rates\.sms: /),
        expect.stringMatching(/^feeds\.MSFT\.source: /),
        'TOKEN: is required',
      ]),
    )
  })

  it('says of a key why it may not be', () => {
    const feed = { source: 'simulated', everySeconds: 10, start: 1 }
    const path = file('stop.json', JSON.stringify({ feeds: { STOP: feed } }))
    expect(problemsOf(withSettings, { SWITCHBOARD_CONFIG: path, TOKEN: 'a' })).toEqual([
      'feeds.STOP: is an opt-out, opt-in or help word',
    ])
  })

  it('hides nothing behind a bad name, a wrong field beside it, or another problem', () => {
    const feed = { source: 'simulated', everySeconds: 0, start: 1 }
    const channel = { type: 'sms', id_num: 'nobody', expiry_time: 0 }
    const config = {
      senders: { sms: '447700900000' },
      feeds: { STOP: feed, Msft: feed, MSFT: { ...feed, everySeconds: 1 } },
      notifications: { 'a b': { text: '', options: { STOP: 'Later' } } },
      policies: { 'a b': { users: [{ name: 'Ada', channels: [channel, channel] }], repeat: 9 } },
    }
    const path = file('hidden.json', JSON.stringify(config))
    const problems = problemsOf(withSettings, { SWITCHBOARD_CONFIG: path })
    const places = problems.flatMap((problem) => problem.split(': ')[0] ?? [])
    expect(places.toSorted((one, other) => (one < other ? -1 : 1))).toEqual([
      'TOKEN',
      'feeds.MSFT',
      'feeds.Msft.everySeconds',
      'feeds.STOP',
      'feeds.STOP.everySeconds',
      'notifications.a b',
      'notifications.a b.options.STOP',
      'notifications.a b.text',
      'policies.a b',
      'policies.a b.repeat',
      'policies.a b.users[0].channels[0].expiry_time',
      'policies.a b.users[0].channels[0].id_num',
      'policies.a b.users[0].channels[1].expiry_time',
      'policies.a b.users[0].channels[1].id_num',
    ])
  })

  it.each([
    ['missing', join(folder, 'missing.json'), /^SWITCHBOARD_CONFIG: cannot read .*ENOENT/],
    ['not JSON', file('half.json', '{'), /^SWITCHBOARD_CONFIG: cannot read .*half\.json: /],
  ])('that is %s is one problem', (_, path, expected) => {
    expect(problemsOf(withSettings, { SWITCHBOARD_CONFIG: path, TOKEN: 'a' })).toEqual([
      expect.stringMatching(expected),
    ])
  })
})

it('what is given for Redis and Vonage is checked before anything connects', () => {
  const all = z.object({ ...commonEnvironment, ...redisEnvironment, ...vonageEnvironment })
  const env = {
    REDIS_URL: 'http://127.0.0.1:6379',
    VONAGE_API_URL: 'api.nexmo.com',
    VONAGE_PRIVATE_KEY: 'a path',
    VONAGE_SMS_API: 'both',
    LOG_LEVEL: 'loud',
  }
  expect(problemsOf(all, env).map((problem) => problem.split(':')[0])).toEqual([
    'LOG_LEVEL',
    'REDIS_URL',
    'VONAGE_API_URL',
    'VONAGE_APPLICATION_ID',
    'VONAGE_PRIVATE_KEY',
    'VONAGE_SMS_API',
  ])
})

it.each([
  [['users', 1, 'channels', 0, 'expiry_time'], 'users[1].channels[0].expiry_time'],
  [[], ''],
  [['feeds', 'MSFT'], 'feeds.MSFT'],
])('formats %o as %s', (path, text) => expect(formatPath(path)).toBe(text))
