import type { Redis } from 'ioredis'

import type { RedisConnection } from './script.ts'

const KEYS_PER_PAGE = 1_000

/** The ids of all records whose key begins so, page by page; an id may come twice. On a cluster from every master. */
export async function* scanIds(redis: RedisConnection, prefix: string): AsyncGenerator<string[]> {
  for (const node of nodesOf(redis)) {
    let cursor = '0'
    do {
      const [next, found] = await node.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', KEYS_PER_PAGE)
      yield found.map((key) => key.slice(prefix.length))
      cursor = next
    } while (cursor !== '0')
  }
}

function nodesOf(redis: RedisConnection): Pick<Redis, 'scan'>[] {
  return 'nodes' in redis ? redis.nodes('master') : [redis]
}
