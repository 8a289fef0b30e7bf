import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import { afterEach, describe, expect, it, vi } from 'vitest'

import { audio, dial, testSecret, until } from './testing/dial.ts'

vi.setConfig({ testTimeout: 30_000 })

const children: { kill: (signal: 'SIGKILL') => boolean }[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** The real process; its log lines are kept. */
async function startProcess(env: Record<string, string>) {
  const path = new URL('main.ts', import.meta.url).pathname
  const settings = { ECHO_PORT: '0', HEALTH_PORT: '0', LOG_LEVEL: 'info', ...env }
  const child = spawn(process.execPath, [path], { env: settings, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const lines: Record<string, unknown>[] = []
  let errors = ''
  createInterface(child.stdout).on('line', (line) => void lines.push(JSON.parse(line)))
  child.stderr.on('data', (text) => (errors += String(text)))
  const exited = once(child, 'exit').then(([code]: unknown[]) => code)
  const has = (event: string) => lines.find((line) => line['msg'] === event)
  await until(() => Boolean(has('service.started')) || child.exitCode !== null, 'the service started')
  const read = (event: string, field: string) => Number(has(event)?.[field])
  const ports = { port: read('echo.listening', 'port'), healthPort: read('service.started', 'healthPort') }
  return { child, lines, has, exited, ...ports, errors: () => errors }
}

describe('the process', () => {
  it('does not start without a secret, and says so', async () => {
    const { exited, errors } = await startProcess({})
    expect(await exited).toBe(1)
    expect(errors()).toContain('SESSION_SECRET: is required')
  })

  it('on SIGTERM lets a call go on up to the limit, takes no new one, then closes it with 1012', async () => {
    const { child, port, exited, has } = await startProcess({ SESSION_SECRET: testSecret, ECHO_DRAIN_SECONDS: '2' })
    await using call = await dial({ port })
    child.kill('SIGTERM')
    await until(() => Boolean(has('service.stopping')), 'it is stopping')
    await expect(dial({ port, callUuid: 'call-2' })).rejects.toThrow()
    call.webSocket.send(audio(1))
    await until(() => call.frames.length === 1, 'the running call is still echoed')
    const stoppedAt = Date.now()
    expect(await call.closed).toEqual({ code: 1012, reason: 'service restart' })
    expect(Date.now() - stoppedAt).toBeGreaterThan(1_000)
    expect(await exited).toBe(0)
    expect(has('call.ended')).toMatchObject({ call: 'call-1', code: 1012, echoed: 1, dropped: 0 })
  })

  it('on SIGTERM stops as soon as the last call has ended', async () => {
    const { child, port, exited } = await startProcess({ SESSION_SECRET: testSecret, ECHO_DRAIN_SECONDS: '60' })
    await using call = await dial({ port })
    child.kill('SIGTERM')
    call.webSocket.close(1000)
    expect(await exited).toBe(0)
  })

  it('shows its metrics, and never logs a token', async () => {
    const { port, lines, healthPort } = await startProcess({ SESSION_SECRET: testSecret })
    await using call = await dial({ port })
    call.webSocket.send(audio(1))
    await until(() => call.frames.length === 1, 'the call is echoed')
    const metrics = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text()
    expect(metrics).toContain('echo_frames_total{service="echo"} 1')
    expect((await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status).toBe(200)
    expect(JSON.stringify(lines)).not.toMatch(/eyJ|Bearer/)
  })
})
