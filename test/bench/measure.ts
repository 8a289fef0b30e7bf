import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findRedisServer, startRedisServer } from '../../scripts/redis.ts'

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = NaN, high = NaN] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1)
  return (low + high) / 2
}

/** CPU time that processes have used, all their threads together. Linux only; NaN elsewhere. */
export function cpuMicroseconds(...pids: (number | undefined)[]): number {
  const TICK_MICROSECONDS = 10_000
  try {
    return pids.reduce<number>((sum, pid) => {
      // After the name in brackets, which may hold blanks, the fields 14 and 15 are user and system time.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return sum + (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS
    }, 0)
  } catch {
    return NaN
  }
}

/** A Redis for one benchmark, with the settings of the product: AOF is on. */
export async function startBenchRedis(cleanup: AsyncDisposableStack): Promise<{ url: string; folder: string }> {
  const binary = findRedisServer()
  if (!binary) throw new Error('This benchmark needs redis-server or valkey-server on PATH')
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  const { url } = cleanup.use(await startRedisServer({ binary, folder }))
  return { url, folder }
}
