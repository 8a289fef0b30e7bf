import type { InvalidParameter } from '../vonage/problem.ts'

export function required(name: string): InvalidParameter {
  return { name, reason: 'is required.' }
}

export function oneOf(name: string, value: unknown, allowed: readonly string[]): InvalidParameter[] {
  if (value === undefined || allowed.some((option) => option === value)) return []
  return [{ name, reason: `must be one of ${allowed.join(', ')}` }]
}

export function ttl(name: string, value: unknown, least: number, most: number): InvalidParameter[] {
  if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) return []
  return [{ name, reason: `must be a whole number of seconds from ${least} to ${most}` }]
}

/** Viber wants the duration and the size of a video as strings of digits. */
export function within(name: string, value: unknown, least: number, most: number): InvalidParameter[] {
  if (value === undefined) return [required(name)]
  if (typeof value === 'string' && /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most) return []
  return [{ name, reason: `must be a string from "${least}" to "${most}"` }]
}
