import { randomInt } from 'node:crypto'

/** Numbers that look random and follow from the seed (mulberry32): a failure can be had again. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** When in the middle of things something happens: another moment in each run, the same one with its seed. */
export interface Chance {
  between(from: number, to: number): number
}

/** Prints its seed. `CHAOS_SEED` gives another run the same one. */
export function createChance(): Chance {
  const seed = Number(process.env['CHAOS_SEED'] ?? randomInt(2 ** 31))
  const random = createRandom(seed)
  console.log(`CHAOS_SEED=${seed}`)
  return { between: (from, to) => from + random(to - from) }
}
