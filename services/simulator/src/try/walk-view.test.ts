import { expect, it } from 'vitest'

import type { AlertSeen } from './switchboard.ts'
import { viewWalk } from './walk-view.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')
const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString()

const users = [
  { name: 'Tony', channels: ['messenger', 'sms'] },
  { name: 'Michael', channels: ['whatsapp', 'sms'] },
]

function event(seconds: number, event: string, user: string, channel: string, reason: string | null = null) {
  return { at: at(seconds), event, round: 0, user, channel, reason }
}

const first = event(0, 'contacting', 'Tony', 'messenger')

function alert(change: Partial<AlertSeen> = {}): AlertSeen {
  const current = { round: 0, user: 'Tony', channel: 'messenger', dueAt: at(15) }
  return { id: 'a', state: 'walking', text: 'Down', current, attendedBy: null, users, timeline: [first], ...change }
}

const statesOf = (seen: AlertSeen) =>
  viewWalk(seen, START).people.map(({ steps }) => steps.map(({ state }) => state).join(' '))

it('says whose phone rings, for how long, and what comes next', () => {
  expect(viewWalk(alert(), START + 3_000)).toMatchObject({
    headline: 'Tony’s Messenger rings',
    next: 'Tony’s SMS',
    remainingMs: 12_000,
    stepMs: 15_000,
  })
  expect(statesOf(alert())).toEqual(['ringing waiting', 'waiting waiting'])
})

it('shows what is past, refused and ringing', () => {
  const timeline = [
    first,
    event(15, 'deadline', 'Tony', 'messenger'),
    event(15, 'contacting', 'Tony', 'sms'),
    event(16, 'failed', 'Tony', 'sms', 'suppressed: opted-out'),
    event(16, 'contacting', 'Michael', 'whatsapp'),
  ]
  const current = { round: 0, user: 'Michael', channel: 'whatsapp', dueAt: at(31) }
  const seen = alert({ timeline, current })
  expect(statesOf(seen)).toEqual(['unanswered refused', 'ringing waiting'])
  expect(viewWalk(seen, START).people[0]?.steps[1]?.reason).toBe('suppressed: opted-out')
  const last = alert({ timeline, current: { ...current, channel: 'sms' } })
  expect(viewWalk(last, START).next).toBe('the end of the list')
})

it.each<[string, Partial<AlertSeen>, string]>([
  ['attended', { state: 'attended', attendedBy: { how: 'read', user: 'Tony', channel: 'sms' } }, 'Tony has it'],
  [
    'attended by a program',
    { state: 'attended', attendedBy: { how: 'api', user: null, channel: null } },
    'Somebody has it',
  ],
  ['exhausted', { state: 'exhausted' }, 'Nobody looked'],
  ['cancelled', { state: 'cancelled' }, 'Cancelled'],
])('%s: the walk is over', (_, change, headline) => {
  expect(viewWalk(alert({ ...change, current: null }), START)).toMatchObject({ headline, next: null, remainingMs: 0 })
})

it('marks the channel on which it was seen, although the walk has moved on', () => {
  const attendedBy = { how: 'read', user: 'Tony', channel: 'messenger' }
  const timeline = [first, event(15, 'contacting', 'Tony', 'sms')]
  expect(statesOf(alert({ state: 'attended', current: null, attendedBy, timeline }))[0]).toBe('seen unanswered')
})
