import { cut } from './cut.ts'
import { fillText } from './fill-text.ts'

/** Cuts the alert itself, never the way to acknowledge it. */
export function fillToFit(wording: string, values: Record<string, string> & { text: string }, limit: number): string {
  const filled = fillText(wording, values)
  if (filled.length <= limit) return filled
  const around = fillText(wording, { ...values, text: '' }).length
  const text = cut(values.text, limit - around)
  return fillText(wording, { ...values, text }).slice(0, limit)
}
