import { setTimeout as delay } from 'node:timers/promises'

import type { Cluster, Redis } from 'ioredis'

import type { Logger } from './logger.ts'

/** The Vonage application whose data a Redis holds: the first that used it. No expiry: it holds as long as the data. */
const KEY = 'sb:application'
const AGAIN_MS = 1_000

/** This Redis belongs to another Vonage application: what it holds must not be sent from ours. */
export class ForeignDataError extends Error {
  override name = 'ForeignDataError'

  readonly owner: string

  /** `ours` is undefined for a simulator that has no id yet. */
  constructor(owner: string, ours: string | undefined) {
    super(
      `This Redis holds the data of the Vonage application ${owner}, and we are ${ours ?? 'a new simulator'}. What ` +
        'belongs to one must not be sent by the other. Use another Redis or another of its databases ' +
        '(REDIS_URL=redis://…/1), or the application it belongs to.' +
        (ours === undefined
          ? ''
          : ` Only if ${ours} takes over from ${owner}, with all subscribers and alerts: redis-cli SET ${KEY} ${ours}`),
    )
    this.owner = owner
  }
}

/** Throws ForeignDataError when the data is none of ours. Several ids while one is replaced; none: no simulator had one. */
export async function checkOwner(redis: Pick<Redis | Cluster, 'get'>, ours: readonly string[]): Promise<void> {
  const owner = await redis.get(KEY)
  if (owner !== null && !ours.includes(owner)) throw new ForeignDataError(owner, ours[0])
}

/** As `checkOwner`, and makes it ours when it is nobody's. Who is not its owner ends here: exit 1. */
export async function requireOwner(client: Redis | Cluster, applicationIds: string, log: Logger): Promise<void> {
  const ours = splitIds(applicationIds)
  for (;;) {
    try {
      // Read first: a full Redis takes no writes, and is ours all the same.
      if ((await client.get(KEY)) === null) await client.set(KEY, ours[0] ?? applicationIds, 'NX')
      return await checkOwner(client, ours)
    } catch (error) {
      if (error instanceof ForeignDataError) {
        log.fatal({ reason: error.message }, 'redis.foreign-data')
        process.exit(1)
      }
    }
    // Gone again, full or slow: whose data it is must be known before anything is done with it.
    await delay(AGAIN_MS, undefined, { ref: false })
  }
}

/** As VONAGE_APPLICATION_ID names them. */
export function splitIds(applicationIds: string): string[] {
  return applicationIds.split(',').flatMap((id) => id.trim() || [])
}
