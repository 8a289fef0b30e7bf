import { placeInPack } from '@switchboard/contracts'

import { gather } from './gather.ts'
import { keys } from './keys.ts'
import { toJson } from './records.ts'
import type { NewRecord, RecordPlace } from './records.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

/** What the messages of a pack have in common lies beside them, once. */
const SHARED = 'shared'
const sharedFields = new Set(['channel', 'text', 'content', 'template', 'purpose', 'about', 'createdAt'])

/** As of a record of its own, for several fields: answers to each '' when it has written, else = and what is there. */
const COMPARE_AND_SET_ALL = `
local answers = {}
for i = 3, #ARGV, 3 do
  local current = redis.call('HGET', KEYS[1], ARGV[i]) or ''
  if (string.match(current, '^{"v":(%d+),') or current) ~= ARGV[i + 1] then
    table.insert(answers, '=' .. current)
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
    table.insert(answers, '')
  end
end
if ARGV[1] ~= '' and redis.call('HSETNX', KEYS[1], '${SHARED}', ARGV[1]) == 1 then
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
return answers`

interface Write {
  place: string
  seenVersion: string
  record: NewRecord
}

export interface PackPlaces {
  /** Undefined for a message that is in no pack. */
  placeOf: (messageId: string) => RecordPlace | undefined
  /** The messages of a pack that have a record, by id. */
  known: (packId: string) => Promise<Set<string>>
}

/**
 * The records of the messages of a pack, as fields of one hash. What is written to it in one turn of the event loop, the
 * claims of all its messages above all, is one command.
 */
export function createPackPlaces(redis: RedisConnection): PackPlaces {
  const write = createScript(redis, COMPARE_AND_SET_ALL)
  const writers = new Map<string, (write: Write) => Promise<string>>()
  const writerOf = (packId: string) => {
    const known = writers.get(packId)
    if (known) return known
    const writer = gather(async (writes: Write[]) => {
      writers.delete(packId)
      return writeAll(packId, writes)
    })
    writers.set(packId, writer)
    return writer
  }

  async function writeAll(packId: string, writes: Write[]): Promise<string[]> {
    const isNew = ({ seenVersion }: Write) => seenVersion === ''
    const first = writes.find(isNew)?.record
    const shared = first ? JSON.stringify(split(first.encoded).shared) : ''
    const fields = writes.flatMap(({ place, seenVersion, record }) => [
      place,
      seenVersion,
      toJson(record.version, split(record.encoded).own),
    ])
    const answers = await write(keys.pack(packId), shared, first?.ttlSeconds ?? 0, ...fields)
    return Array.isArray(answers) ? answers.map(String) : []
  }

  return {
    placeOf(messageId) {
      const { packId, place } = placeInPack(messageId) ?? {}
      if (packId === undefined || place === undefined) return undefined
      return {
        async read() {
          const [shared, own] = await redis.hmget(keys.pack(packId), SHARED, place)
          return shared && own ? join(own, shared) : ''
        },
        async compareAndSet(_id, seenVersion, record) {
          const answer = await writerOf(packId)({ place, seenVersion, record })
          if (answer === '') return undefined
          const other = answer.slice(1)
          return other === '' ? '' : join(other, JSON.stringify(split(record.encoded).shared))
        },
        async remove() {
          await redis.hdel(keys.pack(packId), place)
        },
      }
    },
    async known(packId) {
      const fields = await redis.hkeys(keys.pack(packId))
      return new Set(fields.filter((field) => field !== SHARED).map((place) => `${packId}.${place}`))
    },
  }
}

function split(encoded: object): { shared: object; own: object } {
  const entries = Object.entries(encoded)
  return {
    shared: Object.fromEntries(entries.filter(([name]) => sharedFields.has(name))),
    own: Object.fromEntries(entries.filter(([name]) => !sharedFields.has(name))),
  }
}

/** Two JSON objects as one; the version stays in front. */
function join(own: string, shared: string): string {
  return `${own.slice(0, -1)},${shared.slice(1)}`
}
