import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { expect, inject, test } from 'vitest'

import { connectSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'

const MINUTE_MS = 60_000

/** Slow: quiet hours end on a minute of the clock. */
test('what quiet hours have held back is sent when they end: the newest update, once', async () => {
  // Late enough for the stack to start before the quiet is over.
  const endsAt = Math.ceil((Date.now() + 40_000) / MINUTE_MS) * MINUTE_MS
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-quiet-'))
  const config = JSON.parse(readFileSync(resolve(import.meta.dirname, '../support/e2e.config.json'), 'utf8')) as object
  const path = join(folder, 'config.json')
  writeFileSync(
    path,
    JSON.stringify({
      ...config,
      $schema: undefined,
      feeds: {
        NIGHT: {
          source: 'push',
          everySeconds: 600,
          quietHours: { from: clock(endsAt - 30 * MINUTE_MS), to: clock(endsAt), timeZone: 'UTC' },
        },
      },
    }),
  )
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => rmSync(folder, { recursive: true }))
  const stack = cleanup.use(
    await startTestStack({ redisServerUrl: inject('redisUrl'), env: { SWITCHBOARD_CONFIG: path } }),
  )
  const { ingress, simulator, apiToken } = stack.addresses
  const phone = connectSimulator(simulator).phone('sms')
  const push = (value: string) =>
    fetch(`${ingress}/api/feeds/NIGHT/updates`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ value }),
    })

  await phone.sends('night')
  await phone.expects(/You now receive NIGHT updates/)
  for (const value of ['1', '2', '3']) {
    expect((await push(value)).status).toBe(202)
    await delay(300)
  }
  await phone.expectsNothing(Math.max(1_000, endsAt - Date.now() - 2_000))
  await phone.expects('NIGHT 3', { withinMs: 15_000 })
  await phone.expectsNothing(2_000)
})

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 16)
}
