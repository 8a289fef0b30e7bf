/** What ioredis says then: it has no class of errors for it. */
const AWAY =
  /^(Stream isn't writeable|Command timed out|Connection is closed|Reached the max retries per request)|ECONNREFUSED|ECONNRESET/

/** Whether something failed because Redis is away, and will work when it is back. */
export function isRedisAway(error: unknown): boolean {
  return error instanceof Error && AWAY.test(error.message)
}
