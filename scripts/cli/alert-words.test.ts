import { expect, it } from 'vitest'

import { alreadyEnded, countAlerts, toLine, verdict } from './alert-words.ts'

const base = { id: 'alert-1', code: 'A7', text: 'x', current: null, attendedBy: null, timeline: [] }
const at = '2026-11-21T03:12:05'
const tony = { how: 'read', at, user: 'Tony', channel: 'whatsapp' }

it.each([
  [{ ...base, state: 'attended', attendedBy: tony }, 'Already seen by Tony (whatsapp, read) at 03:12:05.'],
  [
    { ...base, state: 'attended', attendedBy: { ...tony, user: null, channel: null, how: 'link' } },
    'Already seen by somebody (link) at 03:12:05.',
  ],
  [{ ...base, state: 'cancelled' }, 'A7 was cancelled already.'],
  [
    { ...base, state: 'exhausted', timeline: [{ at, event: 'exhausted', user: null, channel: null, reason: null }] },
    'A7 was over already: nobody has seen it, the list was exhausted at 03:12:05.',
  ],
] as const)('%j: %s', (view, sentence) => {
  expect(alreadyEnded({ ...view, timeline: [...view.timeline] })).toBe(sentence)
})

it.each([
  [{ state: 'attended', attendedBy: tony }, 'Tony has seen it (whatsapp, read).'],
  [{ state: 'attended', attendedBy: null }, 'Somebody has seen it.'],
  [{ state: 'exhausted', attendedBy: null }, 'Nobody has seen it.'],
] as const)('%j: %s', (view, sentence) => {
  expect(verdict(view)).toBe(sentence)
})

it.each([
  [0, 0, 'No alert is open.'],
  [2, 0, '2 open:'],
  [0, 3, 'No alert is open, 3 that nobody answered.'],
  [2, 3, '2 open, 3 that nobody answered:'],
])('%i that walk and %i that nobody answered: %s', (open, unanswered, sentence) => {
  expect(countAlerts(open, unanswered)).toBe(sentence)
})

it('what somebody says is in one line, also when it looks like two of ours', () => {
  const said = { at, event: 'said', user: 'Tony', channel: 'sms', by: null, reason: 'no\n03:12:06  ✓ seen: read' }
  expect(toLine(said)).toMatch(/  Tony: “no 03:12:06  ✓ seen: read”$/)
})
