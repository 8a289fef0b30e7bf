import type { Alert, AlertPlan } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { acknowledgePage, withLinks } from './acknowledge-page.ts'
import { viewAcknowledge } from './acknowledge-view.ts'

const NOW = 1_790_000_000_000

const channel = { channel: 'sms', to: '447700900011', expirySeconds: 600, condition: 'read' } as const
const planOf = (...names: string[]): AlertPlan => ({
  policy: 'oncall',
  users: names.map((name) => ({ name, channels: [channel, channel], finalWaitSeconds: 600 })),
  repeat: 0,
  announce: false,
  engine: 'local',
})
const walking: Alert = {
  id: 'alert-1',
  code: 'A1',
  text: 'Disk full, see https://example.com/run?a=1&b=2.',
  planId: 'plan',
  state: 'walking',
  createdAt: NOW - 240_000,
  step: { round: 0, user: 0, channel: 0 },
  dueAt: NOW + 360_000,
  resends: 0,
  timeline: [{ at: NOW - 240_000, event: 'contacting', step: [0, 0, 0] }],
}
const attended: Alert = { ...walking, state: 'attended', attendedBy: { how: 'link', at: NOW, user: 'Tony' } }
const show = (alert: Alert, plan: AlertPlan, user = 0) =>
  acknowledgePage(viewAcknowledge({ alert, plan, user, now: NOW, closing: '{who} has it: {text}' }), 'page-1')

it.each<[string, Alert, AlertPlan, number, string[], string[]]>([
  [
    'asks, and says who comes next and when',
    walking,
    planOf('Tony', 'Michael'),
    0,
    ['Michael is asked next, in 16 min', 'being asked by SMS, 6 min left', '4 min ago', 'I have it', 'I cannot'],
    ['only one'],
  ],
  [
    'a list of one',
    walking,
    planOf('Tony'),
    0,
    ['you are the only one on the list', 'I have it'],
    ['I cannot', 'Hand over', 'next'],
  ],
  ['whoever comes next', walking, planOf('Tony', 'Michael'), 1, ['You are asked next', 'I have it'], ['I cannot']],
  [
    'put off',
    { ...walking, isWaiting: true, snooze: { by: 'Tony' } },
    planOf('Tony', 'Michael'),
    0,
    ['Put off by Tony: asked again in 6 min'],
    [],
  ],
  [
    'has it',
    attended,
    planOf('Tony', 'Michael'),
    0,
    ['You have it.', 'I cannot', 'Whoever answers now hears: “Tony has it: '],
    ['>I have it<'],
  ],
  ['another one has it', attended, planOf('Tony', 'Michael'), 1, ['Tony has it.'], ['>I have it<', 'I cannot']],
  [
    'is over, and somebody had it',
    { ...attended, resolved: { at: NOW, by: 'Tony' } },
    planOf('Tony', 'Michael'),
    1,
    ['It is over, says Tony.', 'had it'],
    ['has it<', '>I have it<', 'I cannot'],
  ],
  [
    'is over',
    { ...walking, state: 'cancelled' },
    planOf('Tony', 'Michael'),
    0,
    ['It is over', 'Keep the note'],
    ['>I have it<', 'Hand over'],
  ],
  [
    'nobody answered, a list of one',
    { ...walking, state: 'exhausted' },
    planOf('Tony'),
    0,
    ['Nobody has it: you are the only one on the list.', 'I have it'],
    ['everybody'],
  ],
])('shows true sentences: %s', (_, alert, plan, user, there, absent) => {
  const html = show(alert, plan, user)
  for (const each of there) expect(html).toContain(each)
  for (const each of absent) expect(html).not.toContain(each)
  expect(html).toContain('class="message" dir="auto"')
})

it('addresses in a text can be followed, and nothing else is markup', () => {
  expect(withLinks('see https://a.example/x?b=1&c=2, <b>now</b>')).toBe(
    'see <a href="https://a.example/x?b=1&amp;c=2" rel="noreferrer noopener" target="_blank">https://a.example/x?b=1&amp;c=2</a>, &lt;b&gt;now&lt;/b&gt;',
  )
  expect(withLinks('javascript:alert(1) http://"onload=x')).not.toContain('<a href="javascript')
})
