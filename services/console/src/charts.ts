/** A line or a layer of a chart: a value for each point in time, oldest first. */
export interface Series {
  name: string
  label: string
  values: number[]
}

export interface Bar {
  series: string
  label: string
  value: number
  /** Where its column is, 0 the oldest. */
  column: number
  /** Shares of the height of the chart. */
  from: number
  height: number
}

export interface StackedChart {
  max: number
  columns: number
  bars: Bar[]
  totals: { name: string; label: string; total: number }[]
}

/** Columns of stacked bars: what is measured in each interval, one layer per series. */
export function stackBars(series: Series[]): StackedChart {
  const columns = Math.max(0, ...series.map(({ values }) => values.length))
  const sums = Array.from({ length: columns }, (_, column) =>
    series.reduce((sum, { values }) => sum + (values[column] ?? 0), 0),
  )
  const max = roundUp(Math.max(0, ...sums))
  const filled = Array.from({ length: columns }, () => 0)
  const bars = series.flatMap(({ name, label, values }) =>
    values.flatMap((value, column): Bar[] => {
      if (value === 0) return []
      const from = filled[column] ?? 0
      const height = value / max
      filled[column] = from + height
      return [{ series: name, label, value, column, from, height }]
    }),
  )
  const totals = series.map(({ name, label, values }) => ({ name, label, total: values.reduce((a, b) => a + b, 0) }))
  return { max, columns, bars, totals }
}

/** The next number that looks good at the top of an axis: 1, 2, 5, 10, 20, 50, … and never 0. */
export function roundUp(value: number): number {
  if (value <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power
}

/** The `d` of an SVG path through the values, in a box of this size. Empty for fewer than two values. */
export function sparkline(values: number[], width: number, height: number): string {
  if (values.length < 2) return ''
  const low = Math.min(...values)
  const range = Math.max(...values) - low || 1
  const step = width / (values.length - 1)
  return values
    .map((value, index) => {
      const y = height - 1 - ((value - low) / range) * (height - 2)
      return `${index === 0 ? 'M' : 'L'}${(index * step).toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}
