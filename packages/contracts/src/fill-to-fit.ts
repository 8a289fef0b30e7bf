import { fillText } from './fill-text.ts'

/** In GSM-7, which `…` is not: it would more than double the parts of an SMS. */
export const CUT = '...'

/** Cuts the alert itself, never the way to acknowledge it. */
export function fillToFit(wording: string, values: Record<string, string> & { text: string }, limit: number): string {
  const filled = fillText(wording, values)
  if (filled.length <= limit) return filled
  const around = fillText(wording, { ...values, text: '' }).length
  const text = cut(values.text, limit - around)
  return fillText(wording, { ...values, text }).slice(0, limit)
}

/** A text that is no longer than this. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  // Half of a surrogate pair at the end would not be valid text.
  const kept = text.slice(0, Math.max(0, limit - CUT.length)).replace(/[\uD800-\uDBFF]$/, '')
  return `${kept.trimEnd()}${CUT}`
}
