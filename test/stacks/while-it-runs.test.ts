import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { runScript } from '../support/command-line.ts'
import { startFrontDoor } from '../support/front-door.ts'
import type { FrontDoor } from '../support/front-door.ts'

describe.runIf(process.platform === 'linux')('while npm start runs', () => {
  const cleanup = new AsyncDisposableStack()
  let door: FrontDoor

  beforeAll(async () => {
    door = cleanup.use(await startFrontDoor())
    await door.printed('Ctrl-C stops everything')
  })
  afterAll(() => cleanup.disposeAsync())

  test('a command in another shell finds it, without being told where', async () => {
    const { exitCode, stdout } = await runScript(['doctor'], { SWITCHBOARD_DATA: door.dataFolder })
    expect(stdout).toMatch(/^✓ Redis/m)
    expect(stdout).toMatch(/^✓ API/m)
    expect(exitCode, stdout).toBe(0)
  })

  test('a second one of the same folder is refused, and the first goes on', async () => {
    // Disposed of in the end: what is in its folder, the first one too, ends with it.
    const second = cleanup.use(await startFrontDoor({ dataFolder: door.dataFolder }))
    expect(await second.ended, second.output()).toBe(1)
    const pid = /as process (\d+)/.exec(second.output())?.[1]
    expect(second.output()).toContain(`Switchboard already runs from ${door.dataFolder}, as process ${pid}.`)
    expect(door.processes().map((one) => String(one.pid))).toContain(pid)
    const { status } = await fetch(`http://127.0.0.1:${door.ports.console}/login`)
    expect(status).toBe(200)
  })
})
