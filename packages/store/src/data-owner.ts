import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/** This Redis belongs to another Vonage application: what it holds must not be sent from ours. */
export class ForeignDataError extends Error {
  override name = 'ForeignDataError'

  constructor(owner: string, ours: string) {
    super(
      `This Redis holds the data of the Vonage application ${owner}, and we are ${ours}. What belongs to one must not be ` +
        'sent by the other. Use another Redis or another of its databases (REDIS_URL=redis://…/1), or the application it ' +
        `belongs to. Only if ${ours} takes over from ${owner}, with all subscribers and alerts: ` +
        `redis-cli SET ${keys.application} ${ours}`,
    )
  }
}

/** Which Vonage application the data in this Redis belongs to: the first that uses it. A simulator has an id of its own. */
export function createDataOwner(redis: RedisConnection) {
  return {
    /** Throws ForeignDataError when it is none of ours; several, separated by commas, while one is replaced. */
    async check(applicationIds: string): Promise<void> {
      const owner = await redis.get(keys.application)
      if (owner !== null) requireOurs(owner, applicationIds)
    },
    /** As `check`, and makes it ours when it is nobody's. */
    async claim(applicationIds: string): Promise<void> {
      const [first = applicationIds] = split(applicationIds)
      await redis.set(keys.application, first, 'NX')
      await this.check(applicationIds)
    },
  }
}

function requireOurs(owner: string, applicationIds: string): void {
  const ours = split(applicationIds)
  if (!ours.includes(owner)) throw new ForeignDataError(owner, ours[0] ?? applicationIds)
}

function split(applicationIds: string): string[] {
  return applicationIds.split(',').map((id) => id.trim())
}
