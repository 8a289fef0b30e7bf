import { z } from 'zod'

/** A JSON object whose fields are still to be looked at. */
export type Body = Record<string, unknown>

const object = z.record(z.string(), z.unknown())

export function asObject(value: unknown): Body | null {
  const parsed = object.safeParse(value)
  return parsed.success ? parsed.data : null
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function asUrl(value: unknown): string | null {
  const text = asText(value)
  return text !== null && /^https?:\/\/\S+$/.test(text) && URL.canParse(text) ? text : null
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
