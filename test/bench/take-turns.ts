import type { Figure } from './figures.ts'
import { cpuMicroseconds, median } from './measure.ts'

/** One of two ways to do the same work. */
export interface Side {
  name: string
  /** Of all processes that do the work, but those that only ask for it. */
  pids: (number | undefined)[]
  /** Items of a round. */
  count: number
  /** Resolves when all of them are done: with the seconds that took, if not all of the time was theirs. */
  run: (round: number) => Promise<number | undefined>
  /** After every round, not counted. */
  tidy?: () => Promise<unknown>
}

/** Of each round: items per second, and microseconds of CPU time per item. */
interface Turns {
  rates: number[]
  cpus: number[]
}

type Words = Record<'rate' | 'cpu', Pick<Figure, 'label' | 'goal'>>

/** Both sides in turn, so that both meet the same neighbours. One round before those that count warms up. */
export async function takeTurns(
  { ours, reference }: { ours: Side; reference: Side },
  { rounds, unit, words }: { rounds: number; unit: string; words: Words },
  report: (line: string) => void,
): Promise<Figure[]> {
  const sides = [reference, ours].map((side) => ({ side, turns: noTurns() }))
  for (let round = 0; round <= rounds; round += 1) {
    for (const { side, turns } of sides) {
      const { rate, cpu } = await takeTurn(side, round)
      if (round === 0) continue
      turns.rates.push(rate)
      turns.cpus.push(cpu)
    }
  }
  for (const { side, turns } of sides) {
    report(
      `${side.name.padEnd(12)} ${median(turns.rates).toFixed(0)} ${unit}/s, ${median(turns.cpus).toFixed(0)} µs of CPU each`,
    )
  }
  const [theirs, own] = sides.map(({ turns }) => turns)
  return [
    { name: 'rate', unit: `${unit}/s`, ...words.rate, ours: own?.rates ?? [], reference: theirs?.rates ?? [] },
    { name: 'cpu', unit: 'µs', ...words.cpu, ours: own?.cpus ?? [], reference: theirs?.cpus ?? [] },
  ]
}

function noTurns(): Turns {
  return { rates: [], cpus: [] }
}

async function takeTurn({ pids, count, run, tidy }: Side, round: number): Promise<{ rate: number; cpu: number }> {
  const cpuBefore = cpuMicroseconds(...pids)
  const from = performance.now()
  const seconds = (await run(round)) ?? (performance.now() - from) / 1_000
  const rate = count / seconds
  const cpu = (cpuMicroseconds(...pids) - cpuBefore) / count
  await tidy?.()
  return { rate, cpu }
}
