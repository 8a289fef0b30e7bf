import fc from 'fast-check'
import { expect, test } from 'vitest'

import { keptBytes } from './kept-bytes.ts'
import { mutated } from './mutate.ts'

export interface Parser {
  name: string
  /** As they came from the world; inputs are these, changed. */
  examples: string[]
  /** Throws only when the input was too much for it: what is refused is a result. */
  parse: (text: string) => void
  /** Of the inputs that others get, where a library takes its time for each. */
  share?: number
}

/** Of each: FUZZ_RUNS=1000000 npm test -- --project fuzz */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100_000)
/** Inputs that follow from one number. */
const BATCH = 100
const LONGEST_MS = 50
const MOST_KEPT_BYTES = 24 * 1_024 * 1_024

/** What meets the outside takes anything: it answers, soon, and keeps nothing. */
export function tryParsers(parsers: Parser[]): void {
  test.each(parsers)(
    '$name: nothing crashes, hangs or stays',
    { timeout: 1_800_000 },
    ({ name, examples, parse, share = 1 }) => {
      for (const example of examples) parse(example)
      const before = keptBytes()
      const cpuBefore = process.cpuUsage()
      const batches = Math.ceil((RUNS * share) / BATCH)
      let tried = 0
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          for (const text of mutated(examples, seed, BATCH)) check(text, parse)
          tried += BATCH
        }),
        { numRuns: batches },
      )
      const { user } = process.cpuUsage(cpuBefore)
      console.log(`${name}: ${tried} inputs, ${Math.round(user / tried)} µs each`)
      expect(tried).toBe(batches * BATCH)
      expect(keptBytes() - before).toBeLessThan(MOST_KEPT_BYTES)
    },
  )
}

function check(text: string, parse: (text: string) => void): void {
  const since = performance.now()
  try {
    parse(text)
  } catch (error) {
    throw new Error(`was too much for it: ${JSON.stringify(text.slice(0, 2_000))}`, { cause: error })
  }
  if (performance.now() - since > LONGEST_MS)
    expect(
      cpuMs(() => parse(text)),
      text,
    ).toBeLessThan(LONGEST_MS)
}

/** The processor's time, whatever else the machine does: the median of five. */
function cpuMs(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  })
  return times.toSorted((a, b) => a - b)[2] ?? 0
}

/** Undefined when it is none, which the door answers with 400. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
