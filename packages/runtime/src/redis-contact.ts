import { Redis } from 'ioredis'
import type { Cluster } from 'ioredis'

/** Samples are taken every five seconds: a process that waits for Redis tries to connect far more often. */
const QUIET_LIMIT = 3

/** What is known of a connection without asking it. */
export interface RedisContact {
  /** Milliseconds; 0 while it is there. */
  awayForMs: () => number
  /** To be called every five seconds. */
  look: () => void
  /** That it is away, and has neither heard from Redis nor tried to reach it. Undefined when all is well. */
  problem: () => string | undefined
}

export function createRedisContact(client: Redis | Cluster): RedisContact {
  let awaySince: number | undefined = performance.now()
  let hasTried = true
  let bytesRead = 0
  let quietLooks = 0
  client.on('ready', () => {
    awaySince = undefined
    quietLooks = 0
  })
  client.on('close', () => void (awaySince ??= performance.now()))
  for (const event of ['connecting', 'connect', 'ready', 'close', 'reconnecting', 'error']) {
    client.on(event, () => void (hasTried = true))
  }
  return {
    awayForMs: () => (awaySince === undefined ? 0 : performance.now() - awaySince),
    look() {
      // A server that loads its data is asked again on the same connection.
      const stream: { bytesRead: number } | undefined = client instanceof Redis ? client.stream : undefined
      const bytes = stream?.bytesRead ?? 0
      // One that is there may have nothing to say: what waits for an answer has a limit of its own.
      quietLooks = awaySince === undefined || hasTried || bytes !== bytesRead ? 0 : quietLooks + 1
      bytesRead = bytes
      hasTried = false
    },
    problem: () => (quietLooks < QUIET_LIMIT ? undefined : `has not tried to reach Redis (${client.status})`),
  }
}
