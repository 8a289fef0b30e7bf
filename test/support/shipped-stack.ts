import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { root } from './documents.ts'
import { startTestStack } from './test-stack.ts'
import type { TestStack } from './test-stack.ts'

/** What people wait for, by hand, in the configuration that ships: [what it says, what the tests say instead]. */
const waits = [
  ['"everySeconds": 10', '"everySeconds": 1'],
  ['"expiry_time": 15', '"expiry_time": 2'],
  ['"final_wait": 15', '"final_wait": 2'],
] as const

/** Everything as `npm start` starts it, with the configuration that ships: only its waits are shorter. */
export async function startShippedStack(redisServerUrl: string): Promise<TestStack> {
  await using cleanup = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-shipped-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  const configuration = join(folder, 'switchboard.config.json')
  writeFileSync(configuration, shorten(readFileSync(join(root, 'switchboard.config.json'), 'utf8')))
  const stack = cleanup.use(await startTestStack({ redisServerUrl, env: { SWITCHBOARD_CONFIG: configuration } }))
  const running = cleanup.move()
  return { ...stack, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** Throws when the configuration no longer says what the README does. */
function shorten(configuration: string): string {
  return waits.reduce((text, [said, instead]) => {
    if (!text.includes(said)) throw new Error(`switchboard.config.json no longer says ${said}, and the README does`)
    return text.replaceAll(said, instead)
  }, configuration)
}
