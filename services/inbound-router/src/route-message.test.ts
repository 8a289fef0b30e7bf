import { expect, it } from 'vitest'

import { routeMessage } from './route-message.ts'
import type { RouteFacts } from './route-message.ts'

const nothing: RouteFacts = { topics: ['MSFT', 'GOOGL'], isOptedOut: false, openAlerts: [] }
const optedOut: RouteFacts = { ...nothing, isOptedOut: true }
const alerted: RouteFacts = {
  ...nothing,
  openAlerts: [
    { id: 'alert-1', code: 'A1' },
    { id: 'alert-2', code: 'A2' },
  ],
}

it.each<[string | null, string, RouteFacts, object]>([
  ['STOP', 'anybody', nothing, { kind: 'opt-out' }],
  ['stop', 'who opted out', optedOut, { kind: 'opt-out' }],
  ['STOP', 'who has an open alert', alerted, { kind: 'opt-out' }],
  ['START', 'who opted out', optedOut, { kind: 'opt-in' }],
  ['help', 'anybody', nothing, { kind: 'help', isKeyword: true }],
  ['INFO', 'who opted out', optedOut, { kind: 'help', isKeyword: true }],
  ['on my way', 'who has open alerts', alerted, { kind: 'attention', alertIds: ['alert-1', 'alert-2'] }],
  ['a2 is mine', 'who has open alerts', alerted, { kind: 'attention', alertIds: ['alert-2'] }],
  ['Ａ１', 'who has open alerts', alerted, { kind: 'attention', alertIds: ['alert-1'] }],
  ['MSFT', 'who has open alerts', alerted, { kind: 'attention', alertIds: ['alert-1', 'alert-2'] }],
  [null, 'who has open alerts', alerted, { kind: 'attention', alertIds: ['alert-1', 'alert-2'] }],
  [
    'ok',
    'who opted out and has an open alert',
    { ...alerted, isOptedOut: true },
    { kind: 'attention', alertIds: ['alert-1', 'alert-2'] },
  ],
  ['msft please', 'anybody', nothing, { kind: 'subscribe', topic: 'MSFT' }],
  ['GOOGL or MSFT', 'anybody', nothing, { kind: 'subscribe', topic: 'GOOGL' }],
  ['MSFT', 'who opted out', optedOut, { kind: 'silence' }],
  ['hello', 'who opted out', optedOut, { kind: 'silence' }],
  ['hello', 'anybody', nothing, { kind: 'help', isKeyword: false }],
  ['', 'anybody', nothing, { kind: 'help', isKeyword: false }],
  [null, 'anybody', nothing, { kind: 'help', isKeyword: false }],
])('%o from somebody %s', (text, _, facts, route) => expect(routeMessage(text, facts)).toEqual(route))
