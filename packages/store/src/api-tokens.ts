import { z } from 'zod'

import { keys } from './keys.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

/** What ends the name of a field that says when a token was used last. */
const USED = ':used'

/** Writes or, with nothing to write, removes a token together with its last use; only if it is still as it was read. */
const REPLACE = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1], ARGV[1] .. '${USED}')
else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1`

/** How long a token that is no good any more is still listed. */
const LISTED_MS = 30 * 86_400_000

/** For so long an ingress is believed that has not said it again. */
const ANNOUNCED_SECONDS = 300

const storedToken = z.looseObject({
  /** SHA-256 of its secret, which nobody keeps. */
  hash: z.string(),
  /** Strings: a newer version may know more scopes. */
  scopes: z.array(z.string()),
  createdAt: z.number(),
  createdBy: z.string(),
  /** None: never. */
  expiresAt: z.number().optional(),
  revokedAt: z.number().optional(),
})
export type StoredToken = z.infer<typeof storedToken>

export type ApiTokens = ReturnType<typeof createApiTokens>

/** Tokens of the API by name. A name is free again when its token has been revoked or has expired. */
export function createApiTokens(redis: RedisConnection) {
  const replace = createScript(redis, REPLACE)

  const write = async (name: string, seen: string | null, next: StoredToken | undefined) =>
    (await replace(keys.apiTokens, name, seen ?? '', next ? JSON.stringify(next) : '')) === 1

  return {
    async get(name: string): Promise<StoredToken | undefined> {
      const json = await redis.hget(keys.apiTokens, name)
      return json ? parse(json) : undefined
    },

    /** False: there is one of that name, which is still good. */
    async add(name: string, token: StoredToken): Promise<boolean> {
      for (;;) {
        const json = await redis.hget(keys.apiTokens, name)
        if (json && endOf(parse(json)) > token.createdAt) return false
        // What is left of the one before goes first, its last use too.
        if (json && !(await write(name, json, undefined))) continue
        if (await write(name, null, token)) return true
      }
    },

    /** Resolves to the token as it is then; to nothing when there is none. */
    async revoke(name: string, at: number): Promise<StoredToken | undefined> {
      for (;;) {
        const json = await redis.hget(keys.apiTokens, name)
        if (!json) return undefined
        const token = parse(json)
        if (endOf(token) <= at) return token
        const revoked = { ...token, revokedAt: at }
        if (await write(name, json, revoked)) return revoked
      }
    },

    /** Says which tokens the environment of ingress gives, by name: nobody else knows its environment. */
    async announce(names: readonly string[]): Promise<void> {
      await redis.set(keys.environmentTokens, JSON.stringify(names), 'EX', ANNOUNCED_SECONDS)
    },

    /** The names of those that ingress has from its environment. */
    async announced(): Promise<string[]> {
      const json = await redis.get(keys.environmentTokens)
      return json === null ? [] : z.array(z.string()).parse(JSON.parse(json))
    },

    async noteUse(name: string, at: number): Promise<void> {
      await redis.hset(keys.apiTokens, `${name}${USED}`, at)
    },

    /** Those that ended less than a month ago, too; older ones go. */
    async list(now: number): Promise<{ tokens: (StoredToken & { name: string })[]; lastUses: Map<string, number> }> {
      const all = Object.entries(await redis.hgetall(keys.apiTokens))
      const [uses, stored] = [
        all.filter(([field]) => field.endsWith(USED)),
        all.filter(([field]) => !field.endsWith(USED)),
      ]
      const lastUses = new Map(uses.map(([field, at]) => [field.slice(0, -USED.length), Number(at)]))
      const tokens: (StoredToken & { name: string })[] = []
      for (const [name, json] of stored) {
        const token = parse(json)
        if (endOf(token) + LISTED_MS < now) await write(name, json, undefined)
        else tokens.push({ ...token, name })
      }
      return { tokens, lastUses }
    },
  }
}

/** When it was, or will be, no good any more. */
function endOf({ revokedAt, expiresAt }: Pick<StoredToken, 'revokedAt' | 'expiresAt'>): number {
  return Math.min(revokedAt ?? Infinity, expiresAt ?? Infinity)
}

export function tokenState(
  token: Pick<StoredToken, 'revokedAt' | 'expiresAt'>,
  now: number,
): 'valid' | 'expired' | 'revoked' {
  if (endOf(token) > now) return 'valid'
  return token.revokedAt === undefined ? 'expired' : 'revoked'
}

const DAY_MS = 86_400_000

/** Whether a token that is valid needs somebody to make the next one: within a fortnight, or today. */
export function expiresSoon(
  token: Pick<StoredToken, 'revokedAt' | 'expiresAt'>,
  now: number,
): 'fortnight' | 'day' | undefined {
  const leftMs = endOf(token) - now
  if (leftMs <= 0 || leftMs > 14 * DAY_MS) return undefined
  return leftMs > DAY_MS ? 'fortnight' : 'day'
}

function parse(json: string): StoredToken {
  return storedToken.parse(JSON.parse(json))
}
