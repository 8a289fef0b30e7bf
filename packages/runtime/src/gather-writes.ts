import type { Writable } from 'node:stream'

/** Of ioredis: a new stream at every connect. */
interface Client {
  stream: Writable
  on(event: 'connect', listener: () => void): unknown
}

/**
 * What a connection writes in one turn of the event loop leaves in one system call: a worker with several jobs in hand
 * sends a dozen commands per turn, and a system call for each is a quarter of its CPU time. Nothing waits longer for it.
 */
export function gatherWrites(client: Client): void {
  client.on('connect', () => {
    const { stream } = client
    const write = stream.write.bind(stream)
    const gather = (...args: Parameters<typeof write>): boolean => {
      if (stream.writableCorked === 0) {
        stream.cork()
        // After all that is ready to run in this turn has run.
        process.nextTick(() => stream.uncork())
      }
      return write(...args)
    }
    Object.assign(stream, { write: gather })
  })
}
