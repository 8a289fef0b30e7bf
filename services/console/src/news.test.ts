import { expect, it } from 'vitest'

import { newsOfAlert } from './news.ts'
import type { AlertSummary } from './routes/alert-summary.ts'

const alert: AlertSummary = {
  id: 'alert-1',
  code: 'A7',
  text: 'Database down. '.repeat(20),
  state: 'walking',
  policy: 'oncall',
  createdAt: 1_000,
  isBlocked: false,
  current: undefined,
  endedBy: undefined,
  endedAt: undefined,
  steps: 1,
  people: ['Ada'],
  asked: ['Ada'],
}

it.each<[AlertSummary['state'], number | undefined, string[]]>([
  ['walking', undefined, ['Alert A7']],
  ['attended', 5_000, ['Alert A7']],
  ['exhausted', 5_000, ['Alert A7', 'Nobody answered A7']],
])('of an alert that is %s', (state, endedAt, titles) => {
  const news = newsOfAlert({ ...alert, state, endedAt })
  expect(news.map(({ title }) => title)).toEqual(titles)
  expect(new Set(news.map(({ id }) => id)).size).toBe(titles.length)
  for (const { words } of news) expect(words.length).toBeLessThanOrEqual(120)
})
