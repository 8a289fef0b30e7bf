import { z } from 'zod'

import { always } from './always.ts'

/** Things by name. All of their problems are told: zod's own record does not look at what has a bad name. */
export function namedRecord<Value extends z.ZodType>(name: z.ZodString, value: Value) {
  const { $schema: _, ...propertyNames } = z.toJSONSchema(name)
  return z
    .record(z.string(), value)
    .superRefine((record, context) => {
      for (const key of Object.keys(Object(record))) {
        for (const { message } of name.safeParse(key).error?.issues ?? []) {
          context.addIssue({ code: 'custom', message, path: [key] })
        }
      }
    }, always)
    .meta({ propertyNames })
}
