import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** As much of a Redis 6 as people meet who try one: it says who it is. */
export async function startOldRedis(): Promise<AsyncDisposable & { url: string }> {
  const info = 'redis_version:6.2.14\r\nloading:0\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n'
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      for (const [, name = ''] of String(data).matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
        if (/^info$/i.test(name)) socket.write(`$${info.length}\r\n${info}\r\n`)
        else if (/^get$/i.test(name)) socket.write('$-1\r\n')
        else socket.write(/^ping$/i.test(name) ? '+PONG\r\n' : '+OK\r\n')
      }
    })
  })
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => void server.close(() => closed())),
  }
}

/** A `redis-server` that would be found on PATH. */
export function writeOldRedisServer(folder: string): void {
  const file = join(folder, 'redis-server')
  writeFileSync(file, '#!/bin/sh\necho "Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=a"\n')
  chmodSync(file, 0o755)
}
