import { expect, test } from 'vitest'

import { readSoon } from './read-soon.ts'

/** Answers one thing after another, then the last for ever. */
function answers<Answer>(...all: Answer[]) {
  return async () => (all.length > 1 ? all.shift() : all[0]) as Answer
}

test.each([
  ['there', answers('record'), answers(false), 'record'],
  ['to come', answers(undefined, undefined, 'record'), answers(true), 'record'],
  ['written between the two questions', answers(undefined, 'record'), answers(false), 'record'],
  ['unknown', answers(undefined), answers(false), undefined],
  ['not coming after all', answers(undefined), answers(true, true, false), undefined],
  ['too long in coming', answers(undefined), answers(true), undefined],
])('a record that is %s', async (_, read, isToCome, expected) => {
  expect(await readSoon<string>(read, isToCome)).toBe(expected)
})
