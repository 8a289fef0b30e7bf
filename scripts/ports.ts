import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'

const KEPT = 2_000
/** The ports given last: who has been given one may not listen there yet. */
const given = new Set<number>()

/**
 * Ports nobody listens on at this moment, each another one than those that this process was given before, and than those
 * that are `taken` by somebody who will listen. From below the range that systems take for outgoing connections, so that
 * none of those can get there first.
 */
export async function findFreePorts(count: number, taken: readonly number[] = []): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) {
    const port = randomInt(20_000, 32_000)
    if (given.has(port) || taken.includes(port)) continue
    given.add(port)
    if (await isFree(port)) found.push(port)
  }
  for (const port of [...given].slice(0, -KEPT)) given.delete(port)
  return found
}

export async function findFreePort(): Promise<number> {
  const [port = 0] = await findFreePorts(1)
  return port
}

export function isListening(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    const answer = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}

/** Whether nobody listens on it, on any address of this machine. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}
