import { readFileSync } from 'node:fs'

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = NaN, high = NaN] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1)
  return (low + high) / 2
}

/** The value that so large a part of them does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
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

/**
 * Begins to watch how much of this machine's CPU time its host gives to others; the answer is the share since then. Above
 * a few per cent all times are theirs as much as ours. Linux only; NaN elsewhere.
 */
export function watchStolenTime(): () => number {
  const before = readCpuTimes()
  return () => {
    const after = readCpuTimes()
    const spent = after.map((ticks, index) => ticks - (before[index] ?? 0))
    return (spent[STEAL] ?? NaN) / spent.reduce((sum, ticks) => sum + ticks, 0)
  }
}

/** Of all CPUs together, in ticks: user, nice, system, idle, iowait, irq, softirq, steal. */
function readCpuTimes(): number[] {
  try {
    return readFileSync('/proc/stat', 'utf8').split('\n', 1).join().trim().split(/\s+/).slice(1, 9).map(Number)
  } catch {
    return []
  }
}

const STEAL = 7
