import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { mutated } from './mutate.ts'
import { parsers } from './parsers.ts'

// What meets the outside takes anything: it answers, soon, and keeps nothing. A minute or so of it, as many as fit; all of
// a million: FUZZ_INPUTS=1000000 npm test -- --project fuzz
const ALL = process.env['FUZZ_INPUTS']
const INPUTS = Number(ALL ?? 100_000)
const WITHIN_MS = ALL === undefined ? 5_000 : 3_600_000
/** Inputs that follow from one number. */
const BATCH = 100
const LONGEST_MS = 50
const MOST_KEPT_BYTES = 24 * 1_024 * 1_024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

function keptBytes(): number {
  collect()
  return process.memoryUsage().heapUsed
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

test.each(parsers)('$name: nothing crashes, hangs or stays', { timeout: 1_800_000 }, ({ name, examples, parse }) => {
  for (const example of examples) parse(example)
  const before = keptBytes()
  let tried = 0
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      for (const text of mutated(examples, seed, BATCH)) check(text, parse)
      tried += BATCH
    }),
    { numRuns: INPUTS / BATCH, interruptAfterTimeLimit: WITHIN_MS, markInterruptAsFailure: false },
  )
  console.log(`${name}: ${tried} inputs`)
  expect(tried).toBeGreaterThan(0)
  expect(keptBytes() - before).toBeLessThan(MOST_KEPT_BYTES)
})
