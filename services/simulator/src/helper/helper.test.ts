import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { startSimulator } from './start-simulator.cjs'

const root = join(import.meta.dirname, '../../../..')

test('the example of the documentation is the one that runs', () => {
  const shown = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/simulator.md'), 'utf8'))?.[1]
  const runs = readFileSync(join(import.meta.dirname, 'example.test.ts'), 'utf8')
  expect(shown).toBe(runs.replace("'./start-", "'../switchboard/services/simulator/src/helper/start-"))
})

test('a flag that is wrong is explained', async () => {
  await expect(startSimulator({ flags: { speed: 'fast' } })).rejects.toThrow('SIMULATOR_SPEED')
})

test('what does not arrive is reported with what did', async () => {
  const simulator = await startSimulator({ callbackUrl: 'http://127.0.0.1:9' })
  const alice = simulator.phone('sms', '447700900010')
  await alice.sends('hello')
  await expect(alice.expects('an answer', { withinMs: 50 })).rejects.toThrow('hello')
  await simulator.stop()
  await expect(alice.messages()).rejects.toThrow()
})
