import { switchboardConfig } from '@switchboard/contracts'
import type {
  Alert,
  AuditEntry,
  DispatchWebhook,
  InboundMessage,
  NotificationReply,
  OutboundMessage,
  SignupRequest,
  SubscriptionRequest,
} from '@switchboard/contracts'
import type { ConsentEvent, FollowUp, NotificationRecord, Signup } from '@switchboard/store'
import { describe, expect, it } from 'vitest'

import { createRouter } from './router.ts'

const simulated = { source: 'simulated', everySeconds: 10, start: 420 }
const settings = switchboardConfig.parse({ feeds: { MSFT: simulated, GOOGL: simulated } })

const message: InboundMessage = {
  id: '11111111-2222-4333-8444-555555555555',
  channel: 'whatsapp',
  from: '447700900010',
  to: '447700900001',
  kind: 'text',
  text: 'hello',
  sentAt: 1_000,
  receivedAt: 1_500,
}

const callersAlert: Alert = {
  id: 'alert-c',
  code: 'A3',
  text: 'Server down',
  planId: 'p',
  state: 'attended',
  createdAt: 0,
  step: { round: 0, user: 0, channel: 0 },
  dueAt: 0,
  resends: 0,
  timeline: [],
  dispatch: { uuid: 'u', inboundUrl: 'https://caller.example/inbound' },
}

interface World {
  isOptedOut?: boolean
  changesConsent?: boolean
  asked?: NotificationRecord
  signup?: Signup
  ofCaller?: Alert
}

const contact = { channel: 'whatsapp', address: '447700900010' } as const
const question: NotificationRecord = {
  id: 'n1',
  name: 'delivery',
  contact,
  text: 'Reply 1 or 2',
  variables: {},
  options: { '1': 'tomorrow', '2': 'Thursday' },
  texts: { acknowledgement: 'a', askAgain: 'b', handedOver: 'c', tooLate: 'd' },
  warnings: [],
  createdAt: 0,
  expiresAt: 10_000,
  needsPerson: false,
  replies: [],
}

function router({ isOptedOut = false, changesConsent = true, asked, signup, ofCaller }: World = {}) {
  const kept: string[] = []
  const webhooks: DispatchWebhook[] = []
  const replies: NotificationReply[] = []
  const answers: SignupRequest[] = []
  const followUps: FollowUp[] = []
  const trail: AuditEntry[] = []
  const sent: OutboundMessage[] = []
  const requests: SubscriptionRequest[] = []
  const consents: [string, ConsentEvent][] = []
  const { decide, follow } = createRouter({
    consent: {
      isOptedOut: async () => isOptedOut,
      record: async (...given) => {
        consents.push(given)
        return changesConsent
      },
    },
    inbound: { keep: async (_, kind) => void kept.push(kind) },
    ledger: { get: async () => undefined, findByUuid: async () => undefined },
    alerts: { get: async (id) => (id === ofCaller?.id ? ofCaller : undefined), alertsOf: async () => [] },
    lateReplies: { alertOf: async () => undefined, endedAlertOf: async () => undefined },
    callerWorkflows: { newestOf: async () => ofCaller?.id },
    callerWebhooks: { enqueue: async (webhook) => void webhooks.push(webhook) },
    attention: { enqueue: async () => undefined },
    notifications: { askedOf: async () => (asked ? [asked] : []), get: async () => asked },
    notificationReplies: { enqueue: async (reply) => void replies.push(reply) },
    signups: { newestOf: async () => signup },
    signupRequests: { enqueue: async (request) => void answers.push(request) },
    followUps: { add: async (each) => void followUps.push(each) },
    trail: { enqueue: async (entry) => void trail.push(entry) },
    subscriptionRequests: { enqueue: async (request) => void requests.push(request) },
    send: async (reply) => void sent.push(reply),
    settings,
    now: () => 2_000,
    log: { info: () => undefined },
    count: () => undefined,
  })
  const route = async (given: InboundMessage) => follow(await decide(given), given)
  return { route, kept, webhooks, sent, requests, consents, replies, answers, followUps, trail }
}

describe('createRouter', () => {
  it('answers what it does not understand with the names of the topics, on the same channel', async () => {
    const { route, sent } = router()
    await route(message)
    expect(sent).toMatchObject([{ channel: 'whatsapp', to: '447700900010', purpose: 'reply' }])
    expect(sent[0]?.text).toContain('MSFT or GOOGL')
    expect(sent[0]?.ignoresConsent).toBeFalsy()
  })

  it('turns the name of a topic into a subscription request of this contact', async () => {
    const { route, sent, requests } = router()
    await route({ ...message, text: 'msft please' })
    expect(requests).toMatchObject([
      {
        contact: { channel: 'whatsapp', address: '447700900010' },
        action: { kind: 'subscribe', topic: 'MSFT' },
        source: 'text',
        sentAt: 1_000,
        receivedAt: 1_500,
      },
    ])
    expect(sent).toEqual([])
  })

  it('ends everything for the person on STOP, on every phone channel, with one confirmation', async () => {
    const { route, sent, requests, consents, trail } = router()
    await route({ ...message, text: 'Stop.' })
    expect(trail).toMatchObject([{ kind: 'somebody', via: 'message', action: 'consent.out', target: message.id }])
    expect(consents).toMatchObject([['tel.447700900010', { state: 'out', words: 'Stop.', source: 'text' }]])
    expect(requests.map(({ contact }) => contact.channel)).toEqual(['sms', 'whatsapp', 'viber_service'])
    expect(requests.every(({ action }) => action.kind === 'unsubscribe')).toBe(true)
    expect(new Set(requests.map(({ id }) => id)).size).toBe(3)
    expect(sent).toMatchObject([{ ignoresConsent: true, ignoresReplyLimit: true, text: settings.texts.optedOut }])
  })

  it.each([
    [{ text: 'No', payload: 'STOP' }, 'No · STOP'],
    [{ text: 'Stop', payload: 'Stop' }, 'Stop'],
    [{ text: null, caption: 'Stop' }, 'Stop'],
  ])('keeps by what words: %o', async (said, words) => {
    const { route, consents } = router()
    await route({ ...message, ...said })
    expect(consents).toMatchObject([['tel.447700900010', { state: 'out', words }]])
  })

  it('keeps to Messenger what was said there: its ids are no phone numbers', async () => {
    const { route, requests, consents } = router()
    await route({ ...message, channel: 'messenger', from: '9000000001', text: 'STOP' })
    expect(consents[0]?.[0]).toBe('messenger.9000000001')
    expect(requests.map(({ contact }) => contact.channel)).toEqual(['messenger'])
  })

  it.each([
    ['a second STOP', 'STOP', { changesConsent: false }],
    ['a second START', 'START', { changesConsent: false }],
    ['words of somebody who opted out', 'MSFT', { isOptedOut: true }],
  ])('does not answer %s', async (_, text, world) => {
    const { route, sent, trail } = router(world)
    await route({ ...message, text })
    expect([...sent, ...trail]).toEqual([])
  })

  it('still helps somebody who opted out and asks for it, within the limit of replies', async () => {
    const { route, sent } = router({ isOptedOut: true })
    await route({ ...message, text: 'HELP' })
    expect(sent).toMatchObject([{ ignoresConsent: true }])
    expect(sent[0]?.ignoresReplyLimit).toBeFalsy()
  })

  it('does the same again under the same ids when it is run again', async () => {
    const [first, second] = [router(), router()]
    for (const { route } of [first, second]) await route({ ...message, text: 'STOP' })
    expect(second.sent).toEqual(first.sent)
    expect(second.requests).toEqual(first.requests)
    expect(second.trail).toEqual(first.trail)
  })

  it('passes the answer to a caller of our Dispatch endpoint on, as Vonage would, and does not answer it', async () => {
    const { route, sent, webhooks, kept } = router({ ofCaller: callersAlert })
    await route({ ...message, text: null, kind: 'image', caption: 'look', media: { url: 'https://x/1', expiresAt: 9 } })
    expect(sent).toEqual([])
    expect(kept).toEqual(['caller-reply'])
    expect(webhooks).toEqual([
      {
        id: expect.any(String),
        url: 'https://caller.example/inbound',
        body: {
          message_uuid: message.id,
          timestamp: '1970-01-01T00:00:01.500Z',
          direction: 'inbound',
          from: { type: 'whatsapp', number: '447700900010' },
          to: { type: 'whatsapp', number: '447700900001' },
          message: { content: { type: 'image', image: { url: 'https://x/1', caption: 'look' } } },
        },
      },
    ])
  })

  it('passes a reply to the question that was asked, and does not answer it itself', async () => {
    const { route, sent, replies } = router({ asked: question })
    await route({ ...message, text: ' 2. ' })
    expect(replies).toMatchObject([{ id: message.id, notificationId: 'n1', text: ' 2. ', sentAt: 1_000 }])
    expect(sent).toEqual([])
  })

  it('takes a yes for the sign-up that waits for it, until it expires', async () => {
    const signup = {
      id: 's1',
      contact,
      topic: 'MSFT',
      state: 'asked',
      turns: 0,
      createdAt: 0,
      expiresAt: 9_000,
    } as const
    const open = router({ signup })
    await open.route({ ...message, text: 'YES' })
    expect(open.answers).toMatchObject([
      { kind: 'answer', signupId: 's1', answer: 'confirm', via: 'text', words: 'YES' },
    ])
    expect(open.trail).toMatchObject([{ action: 'signup.confirm', target: 's1' }])
    const expired = router({ signup: { ...signup, expiresAt: 1_000 } })
    await expired.route({ ...message, text: 'YES' })
    expect(expired.answers).toEqual([])
  })

  it('tells somebody who sounds like opting out how to stop, and marks it for a person', async () => {
    const { route, sent, followUps, consents } = router()
    await route({ ...message, text: 'please stop texting me' })
    expect(sent).toMatchObject([{ text: settings.texts.howToStop }])
    expect(followUps).toMatchObject([{ kind: 'opt-out-wish', contact, text: 'please stop texting me' }])
    expect(consents).toEqual([])
  })

  it('answers a picture as it answers any text without a topic', async () => {
    const { route, sent } = router()
    await route({ ...message, kind: 'image', text: null })
    expect(sent).toHaveLength(1)
  })
})
