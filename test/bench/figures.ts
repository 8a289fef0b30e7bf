import { median } from './measure.ts'

/** One thing that is measured: in every round on our side and, where there is one, right after on its reference. */
export interface Figure {
  /** Such as `rate`: one of its benchmark. */
  name: string
  /** What is measured, as a reader of docs/benchmarks.md understands it. */
  label: string
  unit: string
  ours: readonly number[]
  reference?: readonly number[] | undefined
  /** What it should be at the most or at the least: our number, or ours divided by the reference. */
  goal?: { of: 'ours' | 'ratio'; most?: number | undefined; least?: number | undefined } | undefined
}

export interface BenchmarkOptions {
  rounds: number
  /** How much work a round is: what it counts is the benchmark's to say. */
  size: number
}

export interface Benchmark {
  /** The barest version of the same work. */
  reference: string
  about: string
  /** What `size` counts. */
  counts: string
  sizes: {
    /** Only shows that it runs. */
    quick: number
    usual: number
    /** Each ten times the one before. */
    growth?: number[]
  }
  /** Of the figures: what one item costs, for growth. */
  cost: string
  run: (report: (line: string) => void, options: BenchmarkOptions) => Promise<Figure[]>
}

export interface Summary {
  median: number
  least: number
  most: number
}

export function summarise(values: readonly number[]): Summary {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) }
}

/** Ours divided by the reference, round by round: a machine that slows down slows down both. */
export function ratiosOf({ ours, reference = [] }: Pick<Figure, 'ours' | 'reference'>): number[] {
  return reference.map((value, index) => (ours[index] ?? NaN) / value)
}

/** Undefined where there is no goal, or nothing could be measured. */
export function isMet({ goal, ...figure }: Figure): boolean | undefined {
  if (!goal) return undefined
  const value = median(goal.of === 'ours' ? figure.ours : ratiosOf(figure))
  if (Number.isNaN(value)) return undefined
  return value <= (goal.most ?? Infinity) && value >= (goal.least ?? -Infinity)
}

/** Of one benchmark at growing sizes: how much dearer the dearest item is than that of the smallest size. */
export function growthOf(costs: readonly number[]): number {
  return Math.max(...costs) / (costs[0] ?? NaN) - 1
}
