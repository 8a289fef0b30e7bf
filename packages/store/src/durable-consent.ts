import { createConsent } from './consent.ts'
import type { ConsentEvent } from './consent.ts'
import type { RedisConnection } from './script.ts'

/** What a caller may wait for the disk: Redis writes it once a second (`appendfsync everysec`). */
const DISK_LIMIT_MS = 3_000

/**
 * Consent that is on disk before anybody is told that it was taken. On a connection of its own: while it waits for the
 * disk, Redis answers nothing else on it. Without WAITAOF (Redis before 7.2, a cluster, no append-only file) it is as
 * durable as everything else.
 */
export function createDurableConsent(redis: RedisConnection) {
  const consent = createConsent(redis)
  const untilOnDisk = shared(() => waitForDisk(redis))
  let connections = 0
  redis.on('ready', () => {
    connections += 1
  })
  return {
    /** Throws when Redis does not have it on disk within 3 s; to record it again has no second effect. */
    async record(personId: string, event: ConsentEvent): Promise<void> {
      const before = connections
      await consent.record(personId, event)
      await untilOnDisk()
      // Redis vouches only for what was written on the connection that asks.
      if (connections !== before) throw new Error('The connection to Redis was lost before it had written the consent')
    },
  }
}

const NOT_TO_BE_HAD = /unknown command|appendonly is disabled/i

async function waitForDisk(redis: RedisConnection): Promise<void> {
  if (redis.isCluster) return
  const answer = await redis.call('WAITAOF', '1', '0', String(DISK_LIMIT_MS)).catch((error: unknown) => {
    if (error instanceof Error && NOT_TO_BE_HAD.test(error.message)) return [1]
    throw error
  })
  const written = Array.isArray(answer) ? Number(answer[0]) : 0
  if (written < 1) throw new Error(`Redis has not written the consent to disk within ${DISK_LIMIT_MS / 1_000} s`)
}

/** Whoever asks while one wait is under way shares the next one: it begins after all of them have written. */
function shared(wait: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  return () => {
    next ??= underWay
      .catch(() => undefined)
      .then(() => {
        underWay = next ?? Promise.resolve()
        next = undefined
        return wait()
      })
    return next
  }
}
