import { expect, it } from 'vitest'

import { isOvertaken } from './inbound-message.ts'

/** Seconds: when the provider says that it was sent, and when it reached us. What has no time of its own is by our clock. */
const text = (sent: number, received: number) => ({ sentAt: sent * 1_000, receivedAt: received * 1_000 })
const link = (at: number) => text(at, at)

it.each([
  ['STOP in the second of a yes by link', true, text(10, 10.9), link(10.7), false],
  ['STOP by a provider whose clock is behind', true, text(6, 11), link(10), false],
  ['STOP that came before the yes by link', true, text(9, 9.5), link(10), true],
  ['a text that asks for something, sent before an operator ended it', false, text(9, 12), link(10), true],
  ['a text that asks for something, after an operator ended it', false, text(11, 11.5), link(10), false],
  ['a yes by link in the second of a STOP', false, link(10.2), text(10, 10.1), false],
  ['a yes by link that came before a STOP', false, link(10.2), text(10, 10.4), true],
  ['a text that is older by the provider, and comes late', true, text(9, 12), text(10, 10.5), true],
  ['two texts of one second: the later one', true, text(10, 10.9), text(10, 10.2), false],
  ['two links: the later one', false, link(11), link(10), false],
  ['two links: the earlier one', true, link(9), link(10), true],
])('%s', (_, ends, wish, newest, isOver) => {
  expect(isOvertaken({ ...wish, ends }, newest)).toBe(isOver)
})
