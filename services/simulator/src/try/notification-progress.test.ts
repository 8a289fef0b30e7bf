import { expect, it } from 'vitest'

import { notificationProgress } from './notification-progress.ts'
import type { NotificationSeen } from './switchboard.ts'

const queued: NotificationSeen = { state: 'queued', message: null, choice: null }

it.each<[string, Partial<NotificationSeen>, RegExp, 'asks' | 'is over' | 'goes on']>([
  ['queued', {}, /On its way/, 'goes on'],
  ['accepted', { state: 'open', message: { state: 'accepted', reason: null } }, /On its way/, 'goes on'],
  ['delivered', { state: 'open', message: { state: 'delivered', reason: null } }, /waits for an answer/, 'asks'],
  ['answered', { state: 'answered', choice: { option: '2', meaning: 'Thursday' } }, /chose 2, Thursday/, 'is over'],
  ['opted out', { state: 'failed', message: { state: 'suppressed', reason: 'opted-out' } }, /START/, 'is over'],
  [
    'refused',
    { state: 'failed', message: { state: 'refused', reason: 'No such number' } },
    /No such number/,
    'is over',
  ],
])('%s', (_, change, sentence, expected) => {
  const progress = notificationProgress({ ...queued, ...change }, 'Alice')
  expect(progress.sentence).toMatch(sentence)
  expect(progress.isOver ? 'is over' : progress.isAsking ? 'asks' : 'goes on').toBe(expected)
})
