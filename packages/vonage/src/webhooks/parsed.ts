import type { z } from 'zod'

/**
 * What a webhook body turned out to be. `ignored` is understood and of no use to us; `unrecognised` is kept for
 * inspection. Neither names an address or a text: reasons and problems are logged.
 */
export type Parsed<T> =
  | { kind: 'parsed'; value: T }
  | { kind: 'ignored'; reason: string }
  | { kind: 'unrecognised'; problem: string }

export function ignored(reason: string): { kind: 'ignored'; reason: string } {
  return { kind: 'ignored', reason }
}

export function unrecognised(problem: string): { kind: 'unrecognised'; problem: string } {
  return { kind: 'unrecognised', problem }
}

/** Checks what a parser put together against the contract that the queue will check again. */
export function parsedAs<Schema extends z.ZodType>(
  schema: Schema,
  candidate: z.input<Schema>,
): Parsed<z.output<Schema>> {
  const result = schema.safeParse(candidate)
  return result.success ? { kind: 'parsed', value: result.data } : unrecognised(describe(result.error))
}

/** The first problem of a zod error as one line: `message.content.type: Invalid input`. */
export function describe(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return 'unknown shape'
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`
}
