import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

import { afterEach, describe, expect, it } from 'vitest'

import { audio, dial, newToken, testSecret, until } from './testing/dial.ts'

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
  await until(() => Boolean(has('echo.listening')) || child.exitCode !== null, 'the service listens')
  const read = (field: string) => Number(has('echo.listening')?.[field])
  const ports = { port: read('port'), healthPort: read('healthPort') }
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

  it('as several processes: one port, a token counts once in all of them, and who dies is replaced', async () => {
    const env = { SESSION_SECRET: testSecret, ECHO_PROCESSES: '2', ECHO_DRAIN_SECONDS: '1' }
    const { child, port, healthPort, lines, exited } = await startProcess(env)
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${healthPort}/${path}`)).text()
    await using calls = new AsyncDisposableStack()
    const echoed: Awaited<ReturnType<typeof dial>>[] = []
    for (let index = 0; index < 8; index += 1) echoed.push(calls.use(await dial({ port, callUuid: `call-${index}` })))
    for (const call of echoed) call.webSocket.send(audio(1))
    for (const call of echoed) await until(() => call.frames.length === 1, 'the call is echoed')
    await expect.poll(() => ask('metrics'), { timeout: 20_000 }).toMatch(/^echo_calls\{service="echo"\} 8$/m)
    const token = await newToken('call-again')
    await using once = await dial({ port, callUuid: 'call-again', token })
    for (let again = 0; again < 4; again += 1) await expect(dial({ port, token })).rejects.toThrow('401')
    expect(once.webSocket.readyState).toBe(once.webSocket.OPEN)

    const [dying] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number)
    process.kill(dying ?? NaN, 'SIGKILL')
    await until(() => lines.filter(({ msg }) => msg === 'echo.listening').length === 2, 'it is replaced')
    const isOpen = ({ webSocket }: (typeof echoed)[number]) => webSocket.readyState === webSocket.OPEN
    await until(() => echoed.filter(isOpen).length < 8, 'its calls are over')
    expect(echoed.filter(isOpen).length).toBeGreaterThan(0)
    await using after = await dial({ port, callUuid: 'call-after' })
    after.webSocket.send(audio(1))
    await until(() => after.frames.length === 1, 'calls go on')
    child.kill('SIGTERM')
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
