import { expect, it } from 'vitest'

import { answerText } from './answer-text.ts'
import { exampleNotification } from './testing/example-notification.ts'

const asked = exampleNotification({
  text: 'Hello Ada, your delivery of two chairs\nand a table comes tomorrow. Reply 1 (tomorrow) or 2 (Thursday).',
  texts: { ...exampleNotification().texts, acknowledgement: 'Picked {option}.', whichQuestion: 'For: "{question}"' },
})

it('a confirmation says which question was answered where others wait, in few words', () => {
  expect(answerText(asked, { outcome: 'choice', option: '1' })).toBe('Picked 1.')
  expect(answerText(asked, { outcome: 'choice', option: '1', isOneOfSeveral: true })).toBe(
    'Picked 1. For: "Hello Ada, your delivery of two chairs and a table comes..."',
  )
})

it('one that was asked before there was such a wording is confirmed as it was', () => {
  const { whichQuestion: _, ...texts } = asked.texts
  expect(answerText({ ...asked, texts }, { outcome: 'choice', option: '1', isOneOfSeveral: true })).toBe('Picked 1.')
})

it('a question without spaces is cut between characters', () => {
  const long = { ...asked, text: '🪑'.repeat(80) }
  expect(answerText(long, { outcome: 'choice', option: '1', isOneOfSeveral: true })).toBe(
    `Picked 1. For: "${'🪑'.repeat(57)}..."`,
  )
})
