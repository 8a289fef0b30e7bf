import { describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'

import { leftAfter, startFrontDoor } from '../support/front-door.ts'
import type { FrontDoor } from '../support/front-door.ts'

const LIMIT_MS = 10_000

function needsLinux({ skip }: TestContext): void {
  skip(process.platform !== 'linux', 'looks for processes in /proc')
}

/** The pid of the process whose command line fits. */
function pidOf(door: FrontDoor, commandLine: RegExp): number {
  const found = door.processes().find((running) => commandLine.test(running.commandLine))
  if (!found) throw new Error(`none of ours fits ${commandLine}: ${JSON.stringify(door.processes())}`)
  return found.pid
}

describe.each([
  ['with a Redis on PATH', true],
  ['without', false],
])('%s', (_, withRedis) => {
  test.each([
    ['npm', /^npm start/],
    ['bootstrap.mjs', /^\S*node scripts\/bootstrap\.mjs/],
    ['start.mjs', /^\S*node build\/start\.mjs/],
  ])('kill -9 of %s takes everything with it', async (_name, commandLine) => {
    await using door = await startFrontDoor({ withRedis })
    await door.printed('Ctrl-C stops everything')
    expect(door.processes().length).toBeGreaterThan(10)
    process.kill(pidOf(door, commandLine), 'SIGKILL')
    expect(await leftAfter(LIMIT_MS, door)).toEqual([])
  })
})

test.for([0, 150, 600, 1_500, 3_000])('Ctrl-C %i ms after the start', async (afterMs, context) => {
  needsLinux(context)
  await using door = await startFrontDoor()
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  door.pressCtrlC()
  expect(await leftAfter(LIMIT_MS, door)).toEqual([])
})

test('Redis is killed while the services start', async (context) => {
  needsLinux(context)
  await using door = await startFrontDoor()
  await door.printed('Starting')
  process.kill(pidOf(door, /redis-server|valkey-server|js-redis\.ts/), 'SIGKILL')
  expect(await door.ended).toBe(1)
  expect(door.output()).toContain('redis ended unexpectedly with signal SIGKILL')
  expect(await leftAfter(LIMIT_MS, door)).toEqual([])
})
