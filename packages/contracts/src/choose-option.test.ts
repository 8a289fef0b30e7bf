import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { chooseOption, listOptions } from './choose-option.ts'
import { parseConfirmation } from './confirmation-words.ts'
import { parseKeyword } from './keywords.ts'
import { soundsLikeOptOut } from './opt-out-phrases.ts'

const delivery = { '1': 'tomorrow', '2': 'Thursday', '3': 'deliver to post office' }

describe('chooseOption', () => {
  it.each([
    ['1', '1'],
    [' 1. ', '1'],
    ['1)', '1'],
    ['option 1', '1'],
    ['Option: 2', '2'],
    ['１', '1'],
    ['1️⃣', '1'],
    ['①', '1'],
    ['#3', '3'],
    ['1 please', '1'],
    ['I would like 2, thanks!', '2'],
    ['thursday', '2'],
    ['THURSDAY please', '2'],
    ['deliver to post office', '3'],
    ['Deliver to the post office please', '3'],
    ['3 (deliver to post office)', '3'],
    ['tomorrow 1', '1'],
    ['👍 2', '2'],
    ['１番', '1'],
    ['Ok, 1', '1'],
  ])('%j chooses %s', (text, option) => {
    expect(chooseOption(text, delivery)).toBe(option)
  })

  it.each([
    '',
    '4',
    '0',
    '12',
    '1 or 2',
    '1?',
    'thursday？',
    'not 1',
    "I don't want 1",
    'I will be there in 1 hour',
    'option',
    'stop',
    'STOP',
    'help',
    'start',
    'constructor',
    '1'.repeat(500),
  ])('%j chooses nothing', (text) => {
    expect(chooseOption(text, delivery)).toBeUndefined()
  })

  it('tells options apart that consist of filler words', () => {
    const options = { a: 'yes please', b: 'no thanks' }
    expect(chooseOption('Yes, please!', options)).toBe('a')
    expect(chooseOption('no thanks', options)).toBe('b')
  })

  it('no input crashes it, and none is both an option and a keyword', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('stop', 'ＳＴＯＰ', '停止', 'Opt Out', 'help', '1', '１', '1️⃣', 'thursday', 'please'),
    )
    const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '))
    const options = fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' }))
    fc.assert(
      fc.property(text, fc.oneof(fc.constant(delivery), options), (said, offered) => {
        const chosen = chooseOption(said, offered)
        expect(chosen === undefined || Object.hasOwn(offered, chosen)).toBe(true)
        expect(chosen !== undefined && parseKeyword(said) !== undefined).toBe(false)
        if (offered === delivery && chosen !== undefined) expect(soundsLikeOptOut(said)).toBe(false)
        expect(['yes', 'no', undefined]).toContain(parseConfirmation(said))
        expect([true, false]).toContain(soundsLikeOptOut(said))
      }),
      { numRuns: 2_000 },
    )
  })

  it('every key and every label of a question chooses its option, however it is cased and padded', () => {
    const padded = fc.tuple(
      fc.constantFrom('', ' ', '  ', '"'),
      fc.constantFrom('1', '2', '3'),
      fc.constantFrom('', ' ', '.', '!', ' please'),
    )
    fc.assert(
      fc.property(padded, fc.boolean(), ([before, key, after], isKey) => {
        const said = isKey ? key : delivery[key].toUpperCase()
        expect(chooseOption(before + said + after, delivery)).toBe(key)
      }),
    )
  })
})

it('lists options as part of a sentence', () => {
  expect(listOptions(delivery)).toBe('1 (tomorrow), 2 (Thursday) or 3 (deliver to post office)')
  expect(listOptions({ A: 'A' })).toBe('A')
})

it('long texts are read in no time', () => {
  const startedAt = performance.now()
  for (const text of [
    `${'!'.repeat(200_000)}a`,
    `${'. '.repeat(100_000)}a`,
    'stop '.repeat(40_000),
    '1️⃣'.repeat(60_000),
  ]) {
    parseKeyword(text)
    chooseOption(text, delivery)
    soundsLikeOptOut(text)
    parseConfirmation(text)
  }
  expect(performance.now() - startedAt).toBeLessThan(500)
})
