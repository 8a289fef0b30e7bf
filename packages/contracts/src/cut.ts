/** In GSM-7, which `…` is not: it would more than double the parts of an SMS. */
export const CUT = '...'

/** A text of at most `limit` characters, with a `sign` at its end that there is more. */
export function cut(text: string, limit: number, sign: string = CUT): string {
  if (text.length <= limit) return text
  // Half of a surrogate pair at the end would not be valid text.
  const kept = text.slice(0, Math.max(0, limit - sign.length)).replace(/[\uD800-\uDBFF]$/, '')
  return `${kept.trimEnd()}${sign}`
}
