import { expect, it } from 'vitest'
import { z } from 'zod'

import './issue-words.ts'

it.each([
  [z.string(), undefined, 'is missing'],
  [z.string(), 5, 'must be a text'],
  [z.string().min(1), '', 'must be filled in'],
  [z.string().min(8), 'short', 'must have at least 8 characters'],
  [z.string().max(3), 'long', 'may have at most 3 characters'],
  [z.number(), 'x', 'must be a number'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.number().min(1), 0, 'must be at least 1'],
  [z.number().positive(), 0, 'must be more than 0'],
  [z.number().max(9), 10, 'may be at most 9'],
  [z.array(z.string()).min(1), [], 'needs at least 1 entry'],
  [z.array(z.string()).max(1), ['a', 'b'], 'may have at most 1 entries'],
  [z.enum(['sms', 'viber']), 'fax', 'must be one of sms, viber'],
  [z.literal('yes'), 'no', 'must be yes'],
  [z.url(), 'x', 'must be an address such as https://example.org'],
  [z.strictObject({}), { extra: 1 }, 'has what is not known here: "extra"'],
  [z.string().regex(/^a/), 'b', 'is not in the right form'],
  [z.string().min(1, 'write an answer'), '', 'write an answer'],
])('%# is told in words', (schema, value, words) => {
  expect(schema.safeParse(value).error?.issues[0]?.message).toBe(words)
})
