import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

import type { Cluster, Redis } from 'ioredis'
import { z } from 'zod'

/** Sorted set of processes by when they were there last. */
const KEY = 'sb:processes'
export const PRESENT_EVERY_MS = 5_000
/** So long is it told that somebody was here. */
const KEPT_MS = 24 * 3_600_000

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

const member = z.tuple([z.string(), z.string(), z.string(), z.coerce.number()])

/** This process, in what it says of itself: its version, its host and number there, when it began. */
export const ownPresence = [version, `${hostname()}:${process.pid}`, Date.now()].join(' ')

/** One process of a service, as it says of itself. */
export interface Presence {
  service: string
  version: string
  /** Its host and number there. */
  name: string
  startedAt: number
  seenAt: number
}

/** Says every few seconds that this process is there, until it is asked to stop. Nothing depends on it: it is for people. */
export function keepPresent(client: Redis | Cluster, service: string, signal: AbortSignal): void {
  const self = `${service} ${ownPresence}`
  let isUnderWay = false
  const say = async () => {
    if (isUnderWay || signal.aborted) return
    isUnderWay = true
    try {
      await notePresence(client, self)
    } catch {
      // The next time.
    } finally {
      isUnderWay = false
    }
  }
  const timer = setInterval(() => void say(), PRESENT_EVERY_MS).unref()
  void say()
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    client.zrem(KEY, self).catch(() => undefined)
  })
}

/** Notes that a process is there, under its service and what it says of itself. */
export async function notePresence(client: Redis | Cluster, self: string): Promise<void> {
  await client.zadd(KEY, Date.now(), self)
  await client.zremrangebyscore(KEY, '-inf', Date.now() - KEPT_MS)
  await client.pexpire(KEY, KEPT_MS)
}

/** Whoever was there within a day. */
export async function readPresence(client: Redis | Cluster): Promise<Presence[]> {
  const entries = await client.zrange(KEY, '0', '-1', 'WITHSCORES')
  return entries.flatMap((entry, index) => {
    const said = member.safeParse(index % 2 === 0 ? entry.split(' ') : [])
    if (!said.success) return []
    const [service, of, name, startedAt] = said.data
    return [{ service, version: of, name, startedAt, seenAt: Number(entries[index + 1]) }]
  })
}
