import { describe, expect, test } from 'vitest'

import { countParts, isGsm7 } from './segments.ts'

test.each([
  ['plain', true],
  ['@£$¥èéùìòÇØøÅåÄÖÑÜ§¿¡äöñüàΔΦΓΛΩΠΨΣΘΞ', true],
  ['^{}\\[~]|€\f\r\n', true],
  ['ç', false],
  ['`', false],
  ['“quoted”', false],
  ['停止', false],
  ['👍', false],
  ['', true],
])('isGsm7(%j) is %s', (text, expected) => {
  expect(isGsm7(text)).toBe(expected)
})

describe('countParts', () => {
  test.each([
    ['empty', '', 1],
    ['160 septets', 'a'.repeat(160), 1],
    ['161 septets', 'a'.repeat(161), 2],
    ['306 septets', 'a'.repeat(306), 2],
    ['307 septets', 'a'.repeat(307), 3],
    ['459 septets', 'a'.repeat(459), 3],
    ['80 extension characters', '€'.repeat(80), 1],
    ['81 extension characters', '€'.repeat(81), 2],
    ['an escape that would be split over two parts', `${'a'.repeat(152)}€${'a'.repeat(151)}`, 2],
    ['the same, one longer', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
    ['70 UTF-16 units', '停'.repeat(70), 1],
    ['71 UTF-16 units', '停'.repeat(71), 2],
    ['134 UTF-16 units', '停'.repeat(134), 2],
    ['135 UTF-16 units', '停'.repeat(135), 3],
    ['35 emoji', '👍'.repeat(35), 1],
    ['36 emoji', '👍'.repeat(36), 2],
    ['66 emoji: 33 a part, a pair is not split', '👍'.repeat(66), 2],
    ['67 emoji', '👍'.repeat(67), 3],
  ])('%s', (_, text, parts) => {
    expect(countParts('sms', text)).toBe(parts)
  })

  test('is 1 wherever messages have no parts', () => {
    expect(countParts('whatsapp', 'a'.repeat(1000))).toBe(1)
  })
})
