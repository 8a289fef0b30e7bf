import { isMet, ratiosOf, summarise } from './figures.ts'
import type { Figure, Summary } from './figures.ts'

const WIDTH = 760
const LABELS = 300
const ROW = 26
const TOP = 44
/** To the left of the goal and to the right of it: four times. */
const SPAN = 2

const STYLE = `<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.soft { fill: #57606a } .line { stroke: #d0d7de } .goal { stroke: #57606a; stroke-dasharray: 3 3 }
.met { fill: #1a7f37; stroke: #1a7f37 } .missed { fill: #bc4c00; stroke: #bc4c00 }
.curve { fill: none; stroke: #0969da; stroke-width: 2 } .point { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .soft { fill: #9198a1 } .line { stroke: #3d444d } .goal { stroke: #9198a1 }
  .met { fill: #3fb950; stroke: #3fb950 } .missed { fill: #f0883e; stroke: #f0883e }
  .curve { stroke: #4493f8 } .point { fill: #4493f8 }
}
</style>`

/** One line per figure that has a goal: the goal in the middle, better on the left, twice as much at each tick. */
export function plotGoals(all: { name: string; figure: Figure }[]): string {
  const rows = all.flatMap(({ name, figure }) => {
    const value = timesGoal(figure)
    return value ? [{ label: `${name}: ${figure.label}`, value, isGood: isMet(figure) === true }] : []
  })
  const height = TOP + rows.length * ROW + 12
  const ticks = Array.from({ length: 2 * SPAN + 1 }, (_, index) => index - SPAN)
  const grid = ticks.map((power) => {
    const x = place(2 ** power)
    const label = power === 0 ? 'goal' : `${2 ** power} ×`
    return `<line class="${power === 0 ? 'goal' : 'line'}" x1="${x}" x2="${x}" y1="${TOP - 10}" y2="${height - 8}"/><text class="soft" x="${x}" y="${TOP - 18}" text-anchor="middle">${label}</text>`
  })
  const dots = rows.map(({ label, value, isGood }, index) => {
    const y = TOP + index * ROW + 8
    const [least, median, most] = [value.least, value.median, value.most].map(place)
    return `<text x="0" y="${y + 4}">${escape(cut(label))}</text><g class="${isGood ? 'met' : 'missed'}"><line x1="${least}" x2="${most}" y1="${y}" y2="${y}" stroke-width="3" stroke-opacity=".4"/><circle cx="${median}" cy="${y}" r="5"/></g>`
  })
  return svg(height, 'How each figure stands to its goal; better on the left', [...grid, ...dots])
}

/** What one item costs at each size, beside what it costs at the smallest. */
export function plotGrowth(growth: Record<string, { size: number; cost: number }[]>): string {
  const height = TOP + 190
  const y = (ratio: number) => Math.round(height - 30 - Math.min(2, ratio) * 80)
  const grid = [0.5, 1, 1.1, 1.5, 2].map(
    (ratio) =>
      `<line class="${ratio === 1.1 ? 'goal' : 'line'}" x1="${column(0)}" x2="${WIDTH - 160}" y1="${y(ratio)}" y2="${y(ratio)}"/><text class="soft" x="${column(0) - 8}" y="${y(ratio) + 4}" text-anchor="end">${ratio} ×</text>`,
  )
  const names = ['first size', 'ten times', 'a hundred times'].map(
    (name, step) => `<text class="soft" x="${column(step)}" y="${height - 6}" text-anchor="middle">${name}</text>`,
  )
  const curves = Object.entries(growth).map(([name, points]) => {
    const first = points[0]?.cost ?? NaN
    const at = points.map(({ cost }, step) => [column(step), y(cost / first)] as const)
    const end = at.at(-1) ?? [0, 0]
    return `<polyline class="curve" points="${at.map((pair) => pair.join()).join(' ')}"/>${at.map(([cx, cy]) => `<circle class="point" cx="${cx}" cy="${cy}" r="4"/>`).join('')}<text x="${end[0] + 10}" y="${end[1] + 4}">${escape(name)}</text>`
  })
  return svg(height, 'CPU time per item as the work grows, beside the smallest size', [...grid, ...names, ...curves])
}

function column(step: number): number {
  return LABELS / 3 + step * 220
}

/** How many times the goal it is, so that less is better; undefined without a goal. */
function timesGoal({ goal, ...figure }: Figure): Summary | undefined {
  if (!goal) return undefined
  const values = goal.of === 'ours' ? figure.ours : ratiosOf(figure)
  const times = values.map((value) => (goal.most === undefined ? (goal.least ?? NaN) / value : value / goal.most))
  return times.some(Number.isNaN) ? undefined : summarise(times)
}

function place(times: number): number {
  const power = Math.max(-SPAN, Math.min(SPAN, Math.log2(times)))
  return Math.round(LABELS + 20 + ((power + SPAN) / (2 * SPAN)) * (WIDTH - LABELS - 60))
}

function cut(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function svg(height: number, title: string, parts: string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img"><title>${title}</title>${STYLE}\n${parts.join('\n')}\n</svg>\n`
}
