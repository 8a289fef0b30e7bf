import { expect, it } from 'vitest'

import { roundUp, sparkline, stackBars } from './charts.ts'

it.each([
  [0, 1],
  [1, 1],
  [3, 5],
  [10, 10],
  [11, 20],
  [4_999, 5_000],
])('rounds %d up to %d', (value, rounded) => {
  expect(roundUp(value)).toBe(rounded)
})

it('stacks series on top of each other and leaves out what is nothing', () => {
  const chart = stackBars([
    { name: 'a', label: 'A', values: [1, 0] },
    { name: 'b', label: 'B', values: [3, 2] },
  ])
  expect(chart.max).toBe(5)
  expect(chart.columns).toBe(2)
  expect(chart.bars).toEqual([
    { series: 'a', label: 'A', value: 1, column: 0, from: 0, height: 0.2 },
    { series: 'b', label: 'B', value: 3, column: 0, from: 0.2, height: 0.6 },
    { series: 'b', label: 'B', value: 2, column: 1, from: 0, height: 0.4 },
  ])
  expect(chart.totals.map(({ total }) => total)).toEqual([1, 5])
})

it('an empty chart has an axis', () => {
  expect(stackBars([])).toEqual({ max: 1, columns: 0, bars: [], totals: [] })
})

it('draws a line inside its box, also through values that are all the same', () => {
  expect(sparkline([1, 3, 2], 100, 20)).toBe('M0.0 19.0L50.0 1.0L100.0 10.0')
  expect(sparkline([5, 5], 10, 10)).toBe('M0.0 9.0L10.0 9.0')
  expect(sparkline([5], 10, 10)).toBe('')
})
