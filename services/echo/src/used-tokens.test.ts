import { expect, it } from 'vitest'

import { createUsedTokens } from './used-tokens.ts'

it('lets a token be used once', () => {
  const used = createUsedTokens(10)
  expect(used.use('a', 60_000, 0)).toBe('first')
  expect(used.use('a', 60_000, 59_999)).toBe('again')
  expect(used.use('b', 60_000, 0)).toBe('first')
})

it('refuses rather than forgets a token that is still good, and forgets expired ones to make room', () => {
  const used = createUsedTokens(2)
  used.use('a', 1_000, 0)
  used.use('b', 2_000, 0)
  expect(used.use('c', 2_000, 999)).toBe('full')
  expect(used.use('c', 2_000, 1_000)).toBe('first')
  expect(used.use('b', 2_000, 1_000)).toBe('again')
  expect(used.use('d', 9_000, 1_999)).toBe('full')
})
