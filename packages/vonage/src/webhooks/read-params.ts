import { z } from 'zod'

import { scalar } from './fields.ts'

/** A query, a form or a JSON body of the SMS API: flat, and every value a string whatever carried it. */
export type SmsParams = Record<string, string>

const repeatable = z.union([scalar, z.array(scalar).transform((values) => values.at(-1))])
const paramsSchema = z.record(z.string(), repeatable.optional().catch(undefined))

/** Flattens parameters; of a repeated one the last counts, nested values are left out. Undefined if not an object. */
export function readParams(source: unknown): SmsParams | undefined {
  const read = paramsSchema.safeParse(source)
  if (!read.success) return undefined
  const params: SmsParams = {}
  for (const [name, value] of Object.entries(read.data)) {
    if (value !== undefined) params[name] = value
  }
  return params
}
