import type { z } from 'zod'

import { Refusal } from './refusal.ts'

/** What somebody sent. Throws a Refusal (400) naming the fields that are wrong. */
export function readInput<Value>(schema: z.ZodType<Value>, input: unknown): Value {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new Refusal(400, 'Not valid', problemsOf(parsed.error).join('; '))
}

/** A form that comes back as it was filled in. */
export interface RefusedForm {
  body: unknown
  problems: string[]
}

/** Field by field. */
export function problemsOf({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}
