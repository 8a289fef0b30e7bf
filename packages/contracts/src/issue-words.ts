import { z } from 'zod'

/**
 * What is wrong with a value, as whoever wrote it is told, after the name of the field: `must be filled in`. For every schema
 * that has no words of its own; in force wherever this package is.
 */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return tooBig(issue)
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.join(', ')}`
    case 'invalid_format':
      return formats[issue.format] ?? 'is not in the right form'
    case 'unrecognized_keys':
      return `has what is not known here: ${issue.keys.map((key) => `"${key}"`).join(', ')}`
    case 'invalid_union':
      return 'fits none of what may stand here'
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'custom':
    case 'invalid_key':
    case 'invalid_element':
      return undefined
  }
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
}

const formats: Record<string, string> = {
  url: 'must be an address such as https://example.org',
  email: 'must be an e-mail address',
  datetime: 'must be a time such as 2026-01-31T12:00:00Z',
  json_string: 'is not JSON',
}

/** As zod hands it over, before it knows where it was. */
type Bounded<Issue extends z.core.$ZodIssueBase> = z.core.$ZodRawIssue<Issue>

function tooSmall({ origin, minimum, inclusive }: Bounded<z.core.$ZodIssueTooSmall>): string {
  const least = Number(minimum) + (inclusive === false ? 1 : 0)
  if (origin === 'string') return least === 1 ? 'must be filled in' : `must have at least ${least} characters`
  if (origin === 'array' || origin === 'set') return `needs at least ${least} ${least === 1 ? 'entry' : 'entries'}`
  return inclusive === false ? `must be more than ${minimum}` : `must be at least ${minimum}`
}

function tooBig({ origin, maximum, inclusive }: Bounded<z.core.$ZodIssueTooBig>): string {
  if (origin === 'string') return `may have at most ${maximum} characters`
  if (origin === 'array' || origin === 'set') return `may have at most ${maximum} entries`
  return inclusive === false ? `must be less than ${maximum}` : `may be at most ${maximum}`
}

z.config({ customError: describeIssue })
