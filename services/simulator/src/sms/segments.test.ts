import { expect, test } from 'vitest'

import { splitSms, toGsm } from './segments.ts'

test.each([
  ['x'.repeat(160), 1],
  ['x'.repeat(161), 2],
  ['x'.repeat(306), 2],
  ['x'.repeat(307), 3],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  ['あ'.repeat(70), 1],
  ['あ'.repeat(71), 2],
  ['🙂'.repeat(35), 1],
  ['🙂'.repeat(36), 2],
])('%s makes %i parts', (text, parts) => {
  expect(splitSms(text)).toHaveLength(parts)
  expect(splitSms(text).join('')).toBe(text)
})

test('an extension character or an emoji is never cut in two', () => {
  expect(splitSms(`${'x'.repeat(152)}€${'x'.repeat(20)}`)[0]).toBe('x'.repeat(152))
  expect(splitSms('a🙂'.repeat(30)).every((part) => !/[\uD800-\uDBFF]$/.test(part))).toBe(true)
})

test('what GSM-7 lacks becomes a question mark', () => {
  expect(toGsm('価格 5€')).toBe('?? 5€')
})
