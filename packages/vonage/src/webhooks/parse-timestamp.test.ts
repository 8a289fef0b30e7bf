import { expect, test } from 'vitest'

import { eventTime, parseTimestamp } from './parse-timestamp.ts'

const AT = Date.UTC(2026, 0, 2, 3, 4, 5)

test.each([
  ['2026-01-02T03:04:05Z', AT],
  ['2026-01-02T03:04:05.678Z', AT + 678],
  ['2026-01-02T03:04:05.678912Z', AT + 678],
  ['2026-01-02 03:04:05', AT],
  ['2026-01-02 03:04:05 UTC', AT],
  ['2026-01-02T03:04:05', AT],
  ['2026-01-02T05:04:05+02:00', AT],
  ['2026-01-02T05:04:05.000+0200', AT],
  [' 2026-01-02 03:04:05 ', AT],
  ['2026-13-02T03:04:05Z', undefined],
  ['2601020304', undefined],
  ['1767323045', undefined],
  ['tomorrow', undefined],
  ['', undefined],
])('parseTimestamp(%j)', (text, expected) => {
  expect(parseTimestamp(text)).toBe(expected)
})

test.each([
  ['2026-01-02T03:04:05Z', AT + 10_000, AT],
  ['2026-01-02T03:04:05Z', AT - 30_000, AT],
  ['2126-01-02T03:04:05Z', AT, AT + 60_000],
  ['rubbish', AT, AT],
  [undefined, AT, AT],
])('eventTime(%j, …) is never far in the future', (text, receivedAt, expected) => {
  expect(eventTime(text, receivedAt)).toBe(expected)
})
