// npm run bench: each figure next to the barest version of the same work, in the same run.
import { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'

import { alerts } from './alerts.ts'
import { conversation } from './conversation.ts'
import { echo } from './echo.ts'
import { fanOut } from './fan-out.ts'
import { growthOf, summarise } from './figures.ts'
import type { Benchmark } from './figures.ts'
import { ingress } from './ingress.ts'
import { watchStolenTime } from './measure.ts'
import { start } from './start.ts'
import { describeFigure } from './tell-results.ts'
import { readResults, writeResults } from './write-results.ts'

const benchmarks: Record<string, Benchmark> = { ingress, conversation, 'fan-out': fanOut, alerts, echo, start }

const program = new Command('npm run bench --')
  .description(
    'Measures Switchboard on this machine: each figure beside the barest version of the same work, both taking turns.\nNeeds redis-server or valkey-server on PATH. A quiet machine helps.',
  )
  .argument('[names...]', `which of ${Object.keys(benchmarks).join(', ')}; all unless given`)
  .option('--runs <count>', 'rounds of each', toCount, 5)
  .option('--quick', 'only shows that they run: one round of very little')
  .option('--growth', 'what one item costs at sizes that grow ten times and a hundred times')
  .option('--size <count>', 'how much a round is', toCount)
  .option('--subscribers <count>', 'the same, of fan-out', toCount)
  .option('--write', 'keep the results in docs/benchmarks.json and docs/benchmarks.md')
  .addHelpText(
    'after',
    `\n${Object.entries(benchmarks)
      .map(([name, { about, reference }]) => `  ${name.padEnd(14)}${about}\n${' '.repeat(16)}/ ${reference}`)
      .join('\n')}`,
  )
  .parse()

const { runs, quick, growth, write, ...given } = program.opts()
const names = program.processedArgs[0].length > 0 ? program.processedArgs[0] : Object.keys(benchmarks)
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0)
  program.error(`There is no benchmark ${unknown.join(', ')}: ${Object.keys(benchmarks).join(', ')}.`)

const results = readResults()
for (const name of names) {
  const benchmark = benchmarks[name]
  if (!benchmark || (growth && !benchmark.sizes.growth)) continue
  console.log(`\n${name}: ${benchmark.about}`)
  const stolen = watchStolenTime()
  if (growth) results.growth[name] = await grow(benchmark)
  else {
    const size =
      given.size ??
      (name === 'fan-out' ? given.subscribers : undefined) ??
      (quick ? benchmark.sizes.quick : benchmark.sizes.usual)
    const figures = await benchmark.run(indent, { rounds: quick ? 1 : runs, size })
    for (const figure of figures) indent(describeFigure(figure))
    results.benchmarks[name] = { at: new Date().toISOString(), size, stolen: stolen(), figures }
  }
  indent(`the host took ${(stolen() * 100).toFixed(1)} % of the CPU time`)
  // After each: whoever breaks it off keeps what is measured.
  if (write) writeResults(results, benchmarks)
}

async function grow({ run, sizes, cost, counts }: Benchmark) {
  const points = []
  for (const size of sizes.growth ?? []) {
    const figure = (await run(() => undefined, { rounds: 1, size })).find(({ name }) => name === cost)
    const { median } = summarise(figure?.ours ?? [])
    indent(`${size} ${counts}: ${median.toFixed(0)} ${figure?.unit} each`)
    points.push({ size, cost: median })
  }
  indent(`grows by ${(growthOf(points.map((each) => each.cost)) * 100).toFixed(0)} %`)
  return points
}

function toCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It takes a whole number above 0.')
  return count
}

function indent(line: string): void {
  console.log(`  ${line}`)
}
