// The Redis in memory, as a process: node scripts/js-redis.ts <port>, with its password in JS_REDIS_PASSWORD.
// js-redis-server's own command would listen on every address of this machine, and ask nobody for a password.
import { Server } from 'node:net'
import type { Socket } from 'node:net'

import { createRedisServer } from 'js-redis-server'

const listen = Reflect.get(Server.prototype, 'listen')
Object.assign(Server.prototype, {
  listen(this: Server, port: number) {
    // It writes each answer by itself: the second one would wait 40 ms until the first is acknowledged (Nagle).
    this.on('connection', (socket: Socket) => socket.setNoDelay())
    return Reflect.apply(listen, this, [port, '127.0.0.1'])
  },
})

const server = await createRedisServer({ port: Number(process.argv[2]) })
Object.assign(server.state, { requirepass: process.env['JS_REDIS_PASSWORD'] })
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void server.close().then(() => process.exit(0)))
