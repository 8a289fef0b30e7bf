import { expect, it } from 'vitest'

import { parseConfirmation } from './confirmation-words.ts'
import { soundsLikeOptOut } from './opt-out-phrases.ts'

it.each([
  'please stop texting me',
  'Stop sending me these',
  'STOP!!! please',
  'stop now',
  "Don't text me again",
  'do not contact me',
  'no more messages please',
  'I don’t want any more updates',
  'unsubscribe me from this list',
  'Remove my number',
  'leave me alone',
  'Bitte keine Nachrichten mehr',
  '配信を止めてください',
  'もう送らないで',
  '不要再发了',
])('%j sounds like an opt-out', (text) => {
  expect(soundsLikeOptOut(text)).toBe(true)
})

it.each([
  '1',
  'MSFT',
  'Please stop at the post office',
  "don't deliver it on Thursday",
  'do not leave it with the neighbours',
  'take me to the post office',
  'the weekend is fine',
  'hello',
  '',
])('%j does not', (text) => {
  expect(soundsLikeOptOut(text)).toBe(false)
})

it.each([
  ['YES', 'yes'],
  [' yes! ', 'yes'],
  ['はい。', 'yes'],
  ['No.', 'no'],
  ['yes MSFT', undefined],
  ['not sure', undefined],
])('%j confirms: %s', (text, expected) => {
  expect(parseConfirmation(text)).toBe(expected)
})
