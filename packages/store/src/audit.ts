import { CHAIN_BEGINNING, chainedEntry, chainEntry, chainLink } from '@switchboard/contracts'
import type { AuditEntry, ChainedEntry, ChainLink } from '@switchboard/contracts'

import { keys } from './keys.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

/** Appends unless somebody else did in between, or the entry is there already. */
const APPEND = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 'known' end
if (redis.call('HGET', KEYS[1], 'head') or '') ~= ARGV[2] then return 'moved' end
redis.call('HSET', KEYS[1], 'head', ARGV[3], ARGV[1], ARGV[4], ARGV[4], ARGV[5])
return 'added'`

/** Removes the oldest, unless somebody else did, and leaves the last of them as the anchor. */
const TRIM = `
if (redis.call('HGET', KEYS[1], 'anchor') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'anchor', ARGV[2])
for index = 3, #ARGV do redis.call('HDEL', KEYS[1], ARGV[index]) end
return 1`

/** So many are read at once. */
const CHUNK = 200
/** A filter that little fits looks at no more than so many for one page. */
const LOOKED_AT = 5_000

export interface AuditFilter {
  who?: string | undefined
  action?: string | undefined
  since?: number | undefined
  until?: number | undefined
}

export interface AuditEnds {
  /** What the oldest entry that is kept follows. */
  anchor: ChainLink
  head: ChainLink
}

export type Audit = ReturnType<typeof createAudit>

/** The trail of what everybody did, chained by hashes. Written by the console alone; any number of its replicas may. */
export function createAudit(redis: RedisConnection) {
  const append = createScript(redis, APPEND)
  const trimTo = createScript(redis, TRIM)

  const ends = async (): Promise<AuditEnds> => {
    const [anchor, head] = await redis.hmget(keys.auditChain, 'anchor', 'head')
    return { anchor: readLink(anchor), head: readLink(head) }
  }

  /** By place, the oldest first. What is not there is left out. */
  const read = async (from: number, to: number): Promise<ChainedEntry[]> => {
    if (to < from) return []
    const places = Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
    const found = await redis.hmget(keys.auditChain, ...places)
    return found.flatMap((json) => (json ? [chainedEntry.parse(JSON.parse(json))] : []))
  }

  return {
    ends,
    read,

    /** Resolves to its place, or to nothing when it was there already. */
    async add(entry: AuditEntry): Promise<ChainLink | undefined> {
      for (;;) {
        const head = await redis.hget(keys.auditChain, 'head')
        const next = chainEntry(readLink(head), entry)
        const link = { seq: next.seq, hash: next.hash }
        const args = [`id:${entry.id}`, head ?? '', JSON.stringify(link), String(next.seq), JSON.stringify(next)]
        const outcome = await append(keys.auditChain, ...args)
        if (outcome !== 'moved') return outcome === 'added' ? link : undefined
      }
    },

    /** Newest first, before a place. `next`: the `before` of the page behind. */
    async page(
      { before, limit }: { before?: number | undefined; limit: number },
      filter: AuditFilter = {},
    ): Promise<{ entries: ChainedEntry[]; next: number | undefined }> {
      const { anchor, head } = await ends()
      const entries: ChainedEntry[] = []
      let last = Math.min(before ?? Infinity, head.seq + 1)
      const stop = Math.max(anchor.seq + 1, last - LOOKED_AT)
      while (last > stop && entries.length < limit) {
        const chunk = await read(Math.max(stop, last - CHUNK), last - 1)
        const fitting = chunk.toReversed().filter((entry) => fits(entry, filter))
        entries.push(...fitting.slice(0, limit - entries.length))
        last = entries.length < limit ? Math.max(stop, last - CHUNK) : (entries.at(-1)?.seq ?? stop)
      }
      return { entries, next: last > anchor.seq + 1 ? last : undefined }
    },

    /** Removes what is older, from the oldest on. */
    async trim(olderThan: number): Promise<void> {
      for (;;) {
        const anchor = await redis.hget(keys.auditChain, 'anchor')
        const { seq } = readLink(anchor)
        const chunk = await read(seq + 1, Math.min(seq + CHUNK, (await ends()).head.seq))
        const firstKept = chunk.findIndex(({ at }) => at >= olderThan)
        const old = firstKept < 0 ? chunk : chunk.slice(0, firstKept)
        const last = old.at(-1)
        if (!last) return
        const link = JSON.stringify({ seq: last.seq, hash: last.hash })
        await trimTo(keys.auditChain, anchor ?? '', link, ...old.flatMap((each) => [String(each.seq), `id:${each.id}`]))
        if (firstKept >= 0) return
      }
    },
  }
}

function readLink(json: string | null | undefined): ChainLink {
  return json ? chainLink.parse(JSON.parse(json)) : CHAIN_BEGINNING
}

function fits({ who, action, at }: ChainedEntry, filter: AuditFilter): boolean {
  if (filter.who !== undefined && !who.toLowerCase().includes(filter.who.toLowerCase())) return false
  if (filter.action !== undefined && !action.startsWith(filter.action)) return false
  return at >= (filter.since ?? -Infinity) && at < (filter.until ?? Infinity)
}
