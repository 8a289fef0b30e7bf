import { keys } from './keys.ts'
import { createScriptForEach } from './script.ts'
import type { RedisConnection } from './script.ts'

const DAY_SECONDS = 86_400
/** Statuses come within three days. */
const KEPT_DAYS = 4

const ADD = `
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, ARGV[i * 3 - 2], ARGV[i * 3 - 1])
  redis.call('EXPIRE', key, ARGV[i * 3])
end`

/** Our message ids by Vonage's, in many small hashes: a third of the memory of a key for each. */
export function createUuidIndex(redis: RedisConnection) {
  const add = createScriptForEach(redis, ADD)
  return {
    async add(uuids: string[], messageId: string, now: number): Promise<void> {
      const write = async (uuid: string): Promise<void> => {
        const [key = ''] = placesOf(uuid, now)
        await add(key, uuid, messageId, KEPT_DAYS * DAY_SECONDS)
      }
      await Promise.all(uuids.map(write))
    },
    async find(uuid: string, now: number): Promise<string | undefined> {
      const found = await Promise.all(placesOf(uuid, now).map((key) => redis.hget(key, uuid)))
      return found.find((messageId) => messageId !== null) ?? undefined
    },
    async remove(uuids: string[], now: number): Promise<void> {
      await Promise.all(uuids.flatMap((uuid) => placesOf(uuid, now).map((key) => redis.hdel(key, uuid))))
    },
  }
}

/** Where an id may be found: today's place first. */
function placesOf(uuid: string, now: number): string[] {
  const today = Math.floor(now / (DAY_SECONDS * 1_000))
  // The ends of random ids, and of those of the SMS API that count up, are spread evenly.
  return Array.from({ length: KEPT_DAYS }, (_, ago) => keys.messagesOfUuids(today - ago, uuid.slice(-3)))
}
