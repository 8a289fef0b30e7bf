/** The value at a path such as `data.prices.0.last` in an answer; undefined unless it is a string, number or boolean. */
export function pickField(answer: unknown, path: string): string | undefined {
  let value = answer
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.getOwnPropertyDescriptor(value, key)?.value
  }
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isScalar ? String(value) : undefined
}
