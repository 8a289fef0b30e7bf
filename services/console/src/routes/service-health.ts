import type { Presence } from '@switchboard/runtime'

/** A process says every five seconds that it is there. */
const GONE_AFTER_MS = 20_000

export interface ServiceHealth {
  name: string
  /** How many processes are there. */
  replicas: number
  /** More than one while an update is under way. */
  versions: string[]
  /** When the one began that has been there longest. */
  since: number | undefined
  /** Of a service that nobody runs. */
  lastSeenAt: number | undefined
}

/** Who is there, of all who should be; whoever is not comes first. */
export function healthOf(expected: Iterable<string>, presence: Presence[], now: number): ServiceHealth[] {
  const names = new Set([...expected, ...presence.map(({ service }) => service)])
  return [...names]
    .map((name): ServiceHealth => {
      const known = presence.filter(({ service }) => service === name)
      const here = known.filter(({ seenAt }) => now - seenAt < GONE_AFTER_MS)
      return {
        name,
        replicas: here.length,
        versions: [...new Set(here.map(({ version }) => version))],
        since: here.length > 0 ? Math.min(...here.map(({ startedAt }) => startedAt)) : undefined,
        lastSeenAt: here.length === 0 && known.length > 0 ? Math.max(...known.map(({ seenAt }) => seenAt)) : undefined,
      }
    })
    .toSorted((a, b) => Math.min(a.replicas, 1) - Math.min(b.replicas, 1) || a.name.localeCompare(b.name))
}
