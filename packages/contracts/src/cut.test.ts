import { expect, it } from 'vitest'

import { factsOf } from './channel.ts'
import { cut } from './cut.ts'

it.each([
  ['short', 5, undefined, 'short'],
  ['too long', 6, undefined, 'too...'],
  ['too long', 5, '…', 'too…'],
  ['ab🔥cd', 4, '…', 'ab…'],
  ['🔥🔥', 3, '…', '🔥…'],
])('%j in %d characters, with %j', (text, limit, sign, expected) => {
  expect(cut(text, limit, sign)).toBe(expected)
  expect(expected.isWellFormed()).toBe(true)
})

it('the title of a button on Viber has at most thirty characters, and no half of one', () => {
  const text = `${'a'.repeat(29)}🔥 and more`
  const title = factsOf.viber_service.linkButton?.(undefined, { url: 'https://example.com', text })?.viberButton?.text
  expect(title).toBe(`${'a'.repeat(29)}…`)
})
