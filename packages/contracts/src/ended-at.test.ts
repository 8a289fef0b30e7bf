import { expect, it } from 'vitest'

import type { Alert } from './alert.ts'
import { endedAt } from './ended-at.ts'

const told = (at: number, event: Alert['timeline'][number]['event']) => ({ at, event })

it.each<[string, Parameters<typeof endedAt>[0], number | undefined]>([
  ['one that walks has not', { state: 'walking', timeline: [told(1, 'started')] }, undefined],
  [
    'a note does not end it later',
    { state: 'exhausted', timeline: [told(5, 'exhausted'), told(9, 'note'), told(10, 'delivered')] },
    5,
  ],
  [
    'one that was walked on ended the last time',
    { state: 'exhausted', timeline: [told(5, 'exhausted'), told(6, 'handed-over'), told(8, 'exhausted')] },
    8,
  ],
  [
    'whoever took it ended it',
    { state: 'attended', attendedBy: { how: 'link', at: 4 }, timeline: [told(9, 'note')] },
    4,
  ],
  ['that it is over does', { state: 'cancelled', timeline: [told(5, 'exhausted'), told(7, 'resolved')] }, 7],
])('when an alert has ended: %s', (_, alert, expected) => expect(endedAt(alert)).toBe(expected))
