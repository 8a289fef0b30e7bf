import { expect, test } from 'vitest'

import { readFlags } from './flags.ts'

test.each([
  [[], { kind: 'run', environment: {} }],
  [
    ['--port', '9300', '--callback-url=http://127.0.0.1:3000', '--any-sender', 'true'],
    {
      kind: 'run',
      environment: {
        SIMULATOR_PORT: '9300',
        SIMULATOR_CALLBACK_URL: 'http://127.0.0.1:3000',
        SIMULATOR_ANY_SENDER: 'true',
      },
    },
  ],
])('%j', (args, expected) => {
  expect(readFlags(args)).toEqual(expected)
})

test('help names every flag; an unknown flag or file is a problem', () => {
  expect(readFlags(['--help'])).toMatchObject({ kind: 'help', text: expect.stringContaining('--signature-secret') })
  expect(readFlags(['--nonsense'])).toMatchObject({ kind: 'wrong', problem: expect.stringContaining('nonsense') })
  expect(readFlags(['--public-key', '/no/such/file'])).toMatchObject({ kind: 'wrong' })
})
