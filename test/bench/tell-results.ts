import { isMet, ratiosOf, summarise } from './figures.ts'
import type { Figure, Summary } from './figures.ts'

/** One line about a figure. */
export function describeFigure(figure: Figure): string {
  const { name, label, unit, ours, reference } = figure
  const beside = reference ? ` beside ${range(summarise(reference))}, ${range(summarise(ratiosOf(figure)))} ×` : ''
  return `${name.padEnd(9)} ${label}: ${range(summarise(ours))} ${unit}${beside}${verdict(figure)}`
}

/** The one in the middle, and between which the others were. */
export function range({ median, least, most }: Summary): string {
  return least === most ? format(median) : `${format(median)} (${format(least)}–${format(most)})`
}

/** What was aimed at, in words. */
export function goalOf({ goal, unit }: Figure): string {
  if (!goal) return ''
  const [word, limit] = goal.most === undefined ? ['≥', goal.least] : ['≤', goal.most]
  return `${word} ${format(limit ?? NaN)}${goal.of === 'ratio' ? ' ×' : ` ${unit}`}`
}

function verdict(figure: Figure): string {
  const met = isMet(figure)
  return met === undefined ? '' : `; ${met ? 'meets' : 'misses'} ${goalOf(figure)}`
}

/** Three digits say enough. */
export function format(value: number): string {
  if (Number.isNaN(value)) return '–'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 10 ? 1 : 2)
}
