import { expect, it } from 'vitest'

import type { Heard } from './answered-alerts.ts'
import type { OpenQuestion } from './open-question.ts'
import { routeMessage } from './route-message.ts'
import type { RouteFacts } from './route-message.ts'

const nothing: RouteFacts = {
  topics: ['MSFT', 'GOOGL'],
  isOptedOut: false,
  openAlerts: [],
  lateAlert: undefined,
  endedAlert: undefined,
  quotedAlerts: [],
  callerWorkflow: undefined,
  question: undefined,
  signupId: undefined,
}
const optedOut: RouteFacts = { ...nothing, isOptedOut: true }
const alerted: RouteFacts = {
  ...nothing,
  openAlerts: [
    { id: 'alert-1', code: 'A1' },
    { id: 'alert-2', code: 'A2' },
  ],
}

const question: OpenQuestion = {
  notificationId: 'n1',
  options: { '1': 'tomorrow', '2': 'Thursday' },
  isOpen: true,
  isAnswered: false,
  wasToldTooLate: false,
  isQuoted: false,
  isOneOfSeveral: false,
}
const asked: RouteFacts = { ...nothing, question }
const answered: RouteFacts = { ...nothing, question: { ...question, isAnswered: true } }
const late: RouteFacts = { ...nothing, question: { ...question, isOpen: false } }
const told: RouteFacts = { ...nothing, question: { ...question, isOpen: false, wasToldTooLate: true } }
const invited: RouteFacts = { ...nothing, signupId: 's1' }
const reply = { kind: 'notification-reply', notificationId: 'n1' }
const help = { kind: 'help', isKeyword: false }

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
  ['1', 'who was asked', asked, reply],
  ['thursday please', 'who was asked', asked, reply],
  ['1', 'who was asked and has answered', answered, reply],
  ['1', 'who was asked and opted out', { ...asked, isOptedOut: true }, reply],
  ['maybe', 'who was asked', asked, reply],
  ['maybe', 'who was asked and opted out', { ...asked, isOptedOut: true }, { kind: 'silence' }],
  ['maybe', 'who was asked and has answered', answered, help],
  ['STOP', 'who was asked', asked, { kind: 'opt-out' }],
  ['MSFT', 'who was asked', asked, { kind: 'subscribe', topic: 'MSFT' }],
  ['1', 'who was asked long ago', late, reply],
  ['maybe', 'who was asked long ago', late, help],
  ['1', 'who was told that it is too late', told, help],
  [null, 'who was asked', asked, help],
  [
    '1',
    'who was asked and has an open alert',
    { ...asked, openAlerts: [{ id: 'a', code: 'A1' }] },
    { kind: 'attention', alertIds: ['a'] },
  ],
  ['Yes!', 'who is to confirm a sign-up', invited, { kind: 'signup-answer', signupId: 's1', answer: 'confirm' }],
  ['no', 'who is to confirm a sign-up', invited, { kind: 'signup-answer', signupId: 's1', answer: 'decline' }],
  ['yes', 'anybody', nothing, help],
  ['please stop sending me MSFT', 'anybody', nothing, { kind: 'opt-out-wish' }],
  ['stop texting me', 'who was asked', asked, { kind: 'opt-out-wish' }],
  ['stop texting me', 'who opted out', optedOut, { kind: 'silence' }],
  ['msft please', 'anybody', nothing, { kind: 'subscribe', topic: 'MSFT' }],
  ['GOOGL or MSFT', 'anybody', nothing, { kind: 'subscribe', topic: 'GOOGL' }],
  ['MSFT', 'who opted out', optedOut, { kind: 'silence' }],
  ['hello', 'who opted out', optedOut, { kind: 'silence' }],
  ['hello', 'anybody', nothing, { kind: 'help', isKeyword: false }],
  ['', 'anybody', nothing, { kind: 'help', isKeyword: false }],
  [null, 'anybody', nothing, { kind: 'help', isKeyword: false }],
])('%o from somebody %s', (text, _, facts, route) => expect(routeMessage({ text }, facts)).toEqual(route))

const over: RouteFacts = { ...nothing, endedAlert: { id: 'alert-8', code: 'A8' } }
const toEnded = { kind: 'attention', alertIds: ['alert-8'] }

it.each<[string, string | null, RouteFacts, unknown]>([
  ['a text that means nothing else', 'on it', over, toEnded],
  ['its code', 'a8', over, toEnded],
  ['its code, while another one is open', 'a8', { ...alerted, endedAlert: { id: 'alert-8', code: 'A8' } }, toEnded],
  ['not a topic', 'MSFT', over, { kind: 'subscribe', topic: 'MSFT' }],
  ['not a cry for help', 'help', over, { kind: 'help', isKeyword: true }],
  [
    'not what answers another one',
    'ok',
    { ...alerted, endedAlert: { id: 'alert-8', code: 'A8' } },
    { kind: 'attention', alertIds: ['alert-1', 'alert-2'] },
  ],
])('hears of an alert that has ended: %s', (_, text, facts, expected) => {
  expect(routeMessage({ text }, facts)).toEqual(expected)
})

it.each<[string, RouteFacts, object]>([
  ['explains the alerts that are open', alerted, { kind: 'attention', alertIds: ['alert-1', 'alert-2'] }],
  [
    'explains what it quotes',
    { ...alerted, quotedAlerts: [{ id: 'alert-2', code: 'A2' }] },
    { kind: 'attention', alertIds: ['alert-2'] },
  ],
  ['is the help of the feeds where there is none', nothing, { kind: 'help', isKeyword: true }],
])('HELP %s', (_, facts, route) => expect(routeMessage({ text: 'HELP' }, facts)).toEqual(route))

const unseen: RouteFacts = { ...nothing, lateAlert: { id: 'alert-9', code: 'A9' } }
const late9 = { quotedAlerts: [{ id: 'alert-9', code: 'A9' }] }
const seen = { kind: 'attention', alertIds: ['alert-9'] }

it.each<[string, string | null, RouteFacts, unknown]>([
  ['a text that means nothing else', 'on it', unseen, seen],
  ['a picture', null, unseen, seen],
  ['its code, whatever else is named', 'a9 msft', unseen, seen],
  ['its code, also from somebody who opted out', 'A9', { ...unseen, isOptedOut: true }, seen],
  ['not a topic', 'MSFT', unseen, { kind: 'subscribe', topic: 'MSFT' }],
  ['not a keyword', 'STOP', unseen, { kind: 'opt-out' }],
  [
    'not while another alert is open',
    'ok',
    { ...unseen, openAlerts: [{ id: 'alert-1', code: 'A1' }] },
    { kind: 'attention', alertIds: ['alert-1'] },
  ],
])('answers an alert that nobody has seen: %s', (_, text, facts, expected) => {
  expect(routeMessage({ text }, facts)).toEqual(expected)
})

const quoting: RouteFacts = { ...alerted, quotedAlerts: [{ id: 'alert-2', code: 'A2' }] }
const pressed: RouteFacts = { ...alerted, question: { ...question, isQuoted: true } }
const called: RouteFacts = { ...nothing, callerWorkflow: { inboundUrl: 'https://caller.example/inbound' } }
const seen1 = { kind: 'attention', alertIds: ['alert-1', 'alert-2'] }
const seen2 = { kind: 'attention', alertIds: ['alert-2'] }
const silence = { kind: 'silence' }
const toCaller = { kind: 'caller-reply', url: 'https://caller.example/inbound' }

it.each<[string, Heard, RouteFacts, object]>([
  ['a reaction to an alert', { text: null, kind: 'reaction' }, quoting, seen2],
  ['a reaction to an alert that nobody has seen', { text: null, kind: 'reaction' }, { ...unseen, ...late9 }, seen],
  ['a reaction to something else', { text: null, kind: 'reaction' }, alerted, silence],
  ['a reaction that is taken back', { text: null, kind: 'unreaction' }, quoting, silence],
  ['a reaction to a feed message', { text: null, kind: 'reaction' }, nothing, silence],
  ['a reaction to a caller’s message', { text: null, kind: 'reaction' }, called, silence],
  ['a text that quotes one of two alerts', { text: 'on it' }, quoting, seen2],
  ['a sticker while alerts are open', { text: null, kind: 'sticker' }, alerted, seen1],
  ['a Flow while alerts are open', { text: null, kind: 'reply' }, alerted, seen1],
  ['what cannot be shown while alerts are open', { text: null, kind: 'unsupported' }, alerted, seen1],
  ['what cannot be shown', { text: null, kind: 'unsupported' }, nothing, silence],
  ['the button of an alert', { text: 'I have it', payload: 'A2' }, alerted, seen2],
  ['the button of an option, while alerts are open', { text: 'Thursday', payload: '2' }, pressed, reply],
  ['words under a question, while alerts are open', { text: 'on it' }, pressed, seen1],
  ['an answer to a caller', { text: 'on it' }, called, toCaller],
  ['a picture for a caller', { text: null, kind: 'image' }, called, toCaller],
  ['a topic of ours, after a caller wrote', { text: 'MSFT' }, called, { kind: 'subscribe', topic: 'MSFT' }],
  ['a stop, after a caller wrote', { text: 'stop' }, called, { kind: 'opt-out' }],
  ['who opted out answers a caller', { text: 'on it' }, { ...called, isOptedOut: true }, silence],
  [
    'a button that sounds like an opt-out',
    { text: 'No', payload: 'UNSUBSCRIBE_ME' },
    nothing,
    { kind: 'opt-out-wish' },
  ],
  ['a caption that does', { text: null, caption: 'stop sending me MSFT' }, nothing, { kind: 'opt-out-wish' }],
])('%s', (_, heard, facts, route) => expect(routeMessage(heard, facts)).toEqual(route))

it.each<[string, Heard, RouteFacts, object]>([
  ['an opt-out under a picture', { text: null, caption: 'Stop.' }, nothing, { kind: 'opt-out' }],
  ['an opt-out as a payload', { text: 'No more of this', payload: 'STOP' }, alerted, { kind: 'opt-out' }],
  ['the button under WhatsApp templates', { text: 'Stop promotions' }, asked, { kind: 'opt-out' }],
  ['a word within a sentence', { text: 'stop at the post office', payload: '2' }, asked, reply],
  ['an opt-out beside an opt-in', { text: 'START', payload: 'STOP' }, nothing, { kind: 'opt-out' }],
  ['an option by its payload', { text: 'On Thursday, please do', payload: '2' }, asked, reply],
  ['an option under a picture', { text: null, caption: '2' }, asked, reply],
  ['a topic under a picture', { text: null, caption: 'msft?' }, nothing, { kind: 'subscribe', topic: 'MSFT' }],
  ['a picture', { text: null }, nothing, help],
])('%s', (_, said, facts, route) => expect(routeMessage(said, facts)).toEqual(route))
