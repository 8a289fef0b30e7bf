import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'

import { z } from 'zod'

import { growthOf, isMet, ratiosOf, summarise } from './figures.ts'
import type { Benchmark, Figure } from './figures.ts'
import { plotGoals, plotGrowth } from './plot.ts'
import { format, goalOf, range } from './tell-results.ts'

const docs = join(import.meta.dirname, '..', '..', 'docs')
const JSON_FILE = join(docs, 'benchmarks.json')
const PAGE = join(docs, 'benchmarks.md')

// What cannot be measured on some machine is NaN, which JSON writes as null.
const values = z.array(
  z
    .number()
    .nullable()
    .transform((value) => value ?? NaN),
)
const figure: z.ZodType<Figure> = z.object({
  name: z.string(),
  label: z.string(),
  unit: z.string(),
  ours: values,
  reference: values.optional(),
  goal: z
    .object({ of: z.enum(['ours', 'ratio']), most: z.number().optional(), least: z.number().optional() })
    .optional(),
})
const results = z.object({
  machine: z.string(),
  benchmarks: z.record(
    z.string(),
    z.object({ at: z.string(), size: z.number(), stolen: z.number(), figures: z.array(figure) }),
  ),
  growth: z.record(z.string(), z.array(z.object({ size: z.number(), cost: z.number() }))),
})
export type Results = z.infer<typeof results>

/** Those that are kept; what is measured anew replaces its own. */
export function readResults(): Results {
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.versions.node}`
  const kept = existsSync(JSON_FILE) ? results.parse(JSON.parse(readFileSync(JSON_FILE, 'utf8'))) : undefined
  return { machine, benchmarks: kept?.benchmarks ?? {}, growth: kept?.growth ?? {} }
}

/** Into docs/benchmarks.json, the pictures, and what docs/benchmarks.md says between its marks. */
export function writeResults(all: Results, benchmarks: Record<string, Benchmark>): void {
  writeFileSync(JSON_FILE, `${JSON.stringify(all, roundNumbers, 2)}\n`)
  writeFileSync(join(docs, 'benchmarks-goals.svg'), plotGoals(allFigures(all)))
  writeFileSync(join(docs, 'benchmarks-growth.svg'), plotGrowth(all.growth))
  writeFileSync(PAGE, replaceBetween(readFileSync(PAGE, 'utf8'), describeResults(all, benchmarks)))
}

export function replaceBetween(page: string, text: string): string {
  const [before, rest] = page.split('<!-- measured -->\n')
  const after = rest?.split('<!-- /measured -->')[1]
  if (before === undefined || after === undefined) throw new Error('docs/benchmarks.md has lost its marks')
  return `${before}<!-- measured -->\n\n${text}\n\n<!-- /measured -->${after}`
}

export function describeResults(
  { machine, benchmarks: measured, growth }: Results,
  benchmarks: Record<string, Benchmark>,
): string {
  const rows = Object.entries(measured).flatMap(([name, { figures }]) => figures.map((each) => row(name, each)))
  const runs = Object.entries(measured).map(([name, { at, size, stolen }]) => {
    const { counts = '' } = benchmarks[name] ?? {}
    return `${name}: ${at.slice(0, 10)}, ${size.toLocaleString('en')} ${counts}, the host took ${(stolen * 100).toFixed(1)} % of the CPU time`
  })
  return [
    `On ${machine}. The median of the rounds, and in brackets the least and the most; the ratio is that of each round.`,
    '![How each figure stands to its goal](benchmarks-goals.svg)',
    [
      '| benchmark | figure | Switchboard | reference | ratio | goal | met |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
    runs.map((line) => `- ${line}`).join('\n'),
    '![What one item costs as the work grows](benchmarks-growth.svg)',
    Object.entries(growth)
      .map(([name, points]) => `- ${name}: ${describeGrowth(points, benchmarks[name])}`)
      .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function row(name: string, figure: Figure): string {
  const { label, unit, ours, reference } = figure
  const met = isMet(figure)
  const cells = [
    name,
    label,
    `${range(summarise(ours))} ${unit}`,
    reference ? `${range(summarise(reference))} ${unit}` : '',
    reference ? range(summarise(ratiosOf(figure))) : '',
    goalOf(figure),
    met === undefined ? '' : met ? 'yes' : 'no',
  ]
  return `| ${cells.join(' | ')} |`
}

function describeGrowth(points: Results['growth'][string], benchmark: Benchmark | undefined): string {
  const costs = points.map(
    ({ size, cost }) => `${format(cost)} µs each at ${size.toLocaleString('en')} ${benchmark?.counts ?? ''}`,
  )
  return `${costs.join(', ')}; the dearest ${(growthOf(points.map(({ cost }) => cost)) * 100).toFixed(0)} % above the first`
}

function allFigures({ benchmarks: measured }: Results): { name: string; figure: Figure }[] {
  return Object.entries(measured).flatMap(([name, { figures }]) => figures.map((each) => ({ name, figure: each })))
}

function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value
}
