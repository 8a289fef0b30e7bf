import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

import { findFreePort } from '../../scripts/ports.ts'

export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  /** Where new connections go; those that are open stay where they are. */
  target: number
  /** Drops what comes on the connections that are open now, both ways, and closes none: as a router does that forgot them. */
  silence(): void
}

/** Stands between a process and its server. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(proxy.target, '127.0.0.1')
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      open.add(from)
      from.on('data', (data) => void (open.has(from) && to.write(data)))
      from.on('error', () => undefined)
      from.on('close', () => {
        if (open.delete(from)) to.destroy()
      })
    }
  })
  const port = await findFreePort()
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  const silenced: Socket[] = []
  const proxy: TcpProxy = {
    port,
    target,
    silence() {
      silenced.push(...open)
      open.clear()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...open, ...silenced]) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}
