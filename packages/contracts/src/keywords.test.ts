import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Said } from './inbound-message.ts'
import { isReservedWord, keywordOf, normaliseText, parseKeyword } from './keywords.ts'

describe('parseKeyword', () => {
  it.each([
    ['STOP', 'opt-out'],
    ['  stop. ', 'opt-out'],
    ['Stop!', 'opt-out'],
    ['"STOP"', 'opt-out'],
    ['ＳＴＯＰ', 'opt-out'],
    ['opt  out', 'opt-out'],
    ['Opt-Out', 'opt-out'],
    ['停止', 'opt-out'],
    ['配信停止。', 'opt-out'],
    ['退订', 'opt-out'],
    ['Arrêt', 'opt-out'],
    ['ARRÊT', 'opt-out'],
    ['Stopp', 'opt-out'],
    ['START', 'opt-in'],
    ['unstop', 'opt-in'],
    ['Help', 'help'],
    ['info', 'help'],
    ['please stop', undefined],
    ['do not stop it', undefined],
    ['STOPPED', undefined],
    ['MSFT', undefined],
    ['', undefined],
    ['。', undefined],
  ] as const)('%o is %s', (text, keyword) => expect(parseKeyword(text)).toBe(keyword))

  it('does not mind spaces, capitals and closing punctuation', () => {
    const space = fc.stringMatching(/^[ \t\n\u3000]{0,4}$/)
    const closing = fc.stringMatching(/^[.! 。]{0,4}$/)
    const words = fc.constantFrom('stop', 'cancel', 'unsubscribe', '配信停止', 'revoke')
    fc.assert(
      fc.property(space, words, closing, fc.boolean(), (before, word, after, isUpper) => {
        expect(parseKeyword(before + (isUpper ? word.toUpperCase() : word) + after)).toBe('opt-out')
      }),
    )
  })
})

describe('normaliseText', () => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = normaliseText(text)
        expect(normaliseText(once)).toBe(once)
      }),
    )
  })
})

it.each([
  ['STOP', true],
  ['Info', true],
  ['MSFT', false],
])('%s as the name of a topic: reserved is %s', (name, isReserved) => expect(isReservedWord(name)).toBe(isReserved))

it.each<[Said, string | undefined]>([
  [{ text: 'Not interested', payload: 'STOP_PROMOTIONS' }, 'opt-out'],
  [{ text: null, caption: 'Unsubscribe' }, 'opt-out'],
  [{ text: 'Tell me more', payload: 'opt-out' }, 'opt-out'],
  [{ text: 'Go on', payload: 'START' }, 'opt-in'],
  [{ text: 'When does it stop', payload: 'ask_when' }, undefined],
])('%o says %s', (said, keyword) => expect(keywordOf(said)).toBe(keyword))
