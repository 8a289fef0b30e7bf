import { styleText } from 'node:util'

import { expect, it } from 'vitest'

import { visible } from './visible.ts'

it.each([
  ['moves the cursor', '\u001B[2J\u001B[1;1Hgone', '\uFFFD[2J\uFFFD[1;1Hgone'],
  ['names the window, and asks for an answer', '\u001B]0;x\u0007\u001B[c', '\uFFFD]0;x\uFFFD\uFFFD[c'],
  ['does it with one character', '\u009B2J', '\uFFFD2J'],
  ['hides what follows', '\u001B[8mhidden', '\uFFFD[8mhidden'],
  ['writes over its line', 'seen\rnot', 'seen\uFFFDnot'],
  ['turns the line round', 'a\u202Eb\u2066c', 'a\uFFFDb\uFFFDc'],
])('a text that %s', (_what, text, shown) => {
  expect(visible(text)).toBe(shown)
})

it('leaves what we style, lines, and the writing of the world as they are', () => {
  const line = styleText('green', '✓ seen') + styleText('bold', ' שלום') + styleText('gray', '\n\t👍🏽 日本')
  expect(visible(line)).toBe(line)
  expect(visible('one\r\ntwo')).toBe('one\ntwo')
})
