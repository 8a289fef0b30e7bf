import { connect } from 'node:net'

import { startHealth } from '@switchboard/runtime'
import { expect, inject, test } from 'vitest'

// Somebody opens a connection and then takes their time. No server may keep it for longer than a request takes.
const stack = inject('stack')
const WITHIN_MS = 30_000
const DRIP_MS = 500

const servers: [string, string][] = [
  ['ingress', stack.ingress],
  ['console', stack.console],
  ['echo', stack.echo.replace('ws', 'http')],
  ['simulator', stack.simulator],
]

/** Sends `beginning`, then one byte now and then; resolves to whether the server has closed it. */
function drips(url: string, beginning: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  socket.write(beginning)
  const drip = setInterval(() => socket.write('a'), DRIP_MS)
  return new Promise((resolve) => {
    const limit = setTimeout(() => finish(false), WITHIN_MS)
    const finish = (isClosed: boolean) => {
      clearInterval(drip)
      clearTimeout(limit)
      socket.destroy()
      resolve(isClosed)
    }
    socket.on('close', () => finish(true))
    // An answer such as 408 is as good.
    socket.on('end', () => finish(true))
    socket.resume()
  })
}

const slowHeaders = 'GET / HTTP/1.1\r\nhost: x\r\nx-slow: '
const slowBody = 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{"'

test.concurrent.each(servers)('%s closes a connection whose headers never end', async (_name, url) => {
  expect(await drips(url, slowHeaders)).toBe(true)
})

test.concurrent.each(servers)('%s closes a connection whose body never ends', async (_name, url) => {
  expect(await drips(url, slowBody)).toBe(true)
})

test.concurrent('the health port of every process does so, and takes only so many connections', async () => {
  await using health = await startHealth('test', 0)
  const url = `http://127.0.0.1:${health.port}`
  const slow = drips(url, slowHeaders)
  const sockets = Array.from({ length: 150 }, () => connect(health.port, '127.0.0.1').on('error', () => undefined))
  const closed = await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<boolean>((resolve) => {
          setTimeout(() => resolve(false), 3_000)
          socket.on('close', () => resolve(true))
        }),
    ),
  )
  expect(closed.filter(Boolean).length).toBeGreaterThan(40)
  for (const socket of sockets) socket.destroy()
  expect(await slow).toBe(true)
})
