import { expect, it } from 'vitest'

import type { Benchmark } from './figures.ts'
import { plotGoals, plotGrowth } from './plot.ts'
import { describeResults, replaceBetween } from './write-results.ts'
import type { Results } from './write-results.ts'

const benchmark: Benchmark = {
  about: 'webhooks',
  reference: 'a bare route',
  counts: 'webhooks',
  sizes: { quick: 1, usual: 10 },
  cost: 'cpu',
  run: async () => [],
}
const figure = { name: 'cpu', label: 'CPU <time>', unit: 'µs', ours: [30, 10, 20], reference: [10, 10, 10] }
const results: Results = {
  machine: '2 cores',
  benchmarks: {
    ingress: {
      at: '2026-11-28T12:00:00.000Z',
      size: 3_000,
      stolen: 0.012,
      figures: [{ ...figure, goal: { of: 'ratio', most: 1.3 } }],
    },
  },
  growth: {
    ingress: [
      { size: 1_000, cost: 100 },
      { size: 10_000, cost: 108 },
    ],
  },
}

it('says the middle, the spread, the ratio, the goal and whether it is met', () => {
  const text = describeResults(results, { ingress: benchmark })
  expect(text).toContain('| ingress | CPU <time> | 20.0 (10.0–30.0) µs | 10.0 µs | 2.00 (1.00–3.00) | ≤ 1.30 × | no |')
  expect(text).toContain('- ingress: 2026-11-28, 3,000 webhooks, the host took 1.2 % of the CPU time')
  expect(text).toContain(
    '100 µs each at 1,000 webhooks, 108 µs each at 10,000 webhooks; the dearest 8 % above the first',
  )
})

it('replaces what stands between the marks, and nothing else', () => {
  const page = 'Before.\n\n<!-- measured -->\nold\n<!-- /measured -->\n\nAfter.\n'
  expect(replaceBetween(page, 'new')).toBe('Before.\n\n<!-- measured -->\n\nnew\n\n<!-- /measured -->\n\nAfter.\n')
  expect(() => replaceBetween('no marks', 'new')).toThrow('lost its marks')
})

it('draws a figure beyond its goal on the right of it, and growth from the first size on', () => {
  const figures = [{ name: 'ingress', figure: { ...figure, goal: { of: 'ratio' as const, most: 1.3 } } }]
  const goals = plotGoals(figures)
  const x = (pattern: RegExp) => Number(pattern.exec(goals)?.[1])
  expect(x(/class="missed">.*<circle cx="(\d+)"/)).toBeGreaterThan(x(/class="goal" x1="(\d+)"/))
  expect(goals).toContain('CPU &lt;time>')
  expect(plotGrowth(results.growth).match(/<circle/g)).toHaveLength(2)
})
