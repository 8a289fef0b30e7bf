import { switchboardConfig } from '@switchboard/contracts'
import type { OutboundMessage, SubscriptionRequest } from '@switchboard/contracts'
import type { Signup, Subscription, SubscriptionOutcome } from '@switchboard/store'
import { describe, expect, it } from 'vitest'

import { createSubscriptionHandler } from './handler.ts'

const settings = switchboardConfig.parse({ feeds: { MSFT: { source: 'simulated', everySeconds: 10, start: 420 } } })
const contact = { channel: 'sms', address: '447700900010' } as const
const request: SubscriptionRequest = {
  id: 'sub-1',
  contact,
  action: { kind: 'subscribe', topic: 'MSFT' },
  source: 'text',
  sentAt: 10,
  receivedAt: 11,
}

function handler(outcome: SubscriptionOutcome, value?: string, signup?: Signup) {
  const sent: OutboundMessage[] = []
  const wishes: Subscription[] = []
  const handle = createSubscriptionHandler({
    subscriptions: {
      set: async (_, wish) => {
        wishes.push(wish)
        return outcome
      },
    },
    feedValues: { get: async () => (value === undefined ? undefined : { value, tick: 1 }) },
    signups: { newestOf: async () => signup },
    link: (answer, { id }) => `https://example.org/${answer}/${id}`,
    send: async (message) => void sent.push(message),
    settings,
    now: () => 20,
    log: { info: () => undefined },
  })
  return { handle, sent, wishes }
}

describe('createSubscriptionHandler', () => {
  it('subscribes and confirms with the value of now', async () => {
    const { handle, sent, wishes } = handler({ kind: 'changed', previous: null }, '421.50')
    await handle(request)
    expect(wishes).toEqual([{ topic: 'MSFT', sentAt: 10, receivedAt: 11, causeId: 'sub-1' }])
    expect(sent).toMatchObject([{ channel: 'sms', to: '447700900010', purpose: 'reply' }])
    expect(sent[0]?.text).toBe('You now receive MSFT updates here. Current value: 421.50. Reply STOP to end.')
  })

  it('confirms without a value when there is none yet, and takes a value literally', async () => {
    const none = handler({ kind: 'changed', previous: null })
    await none.handle(request)
    expect(none.sent[0]?.text).toBe('You now receive MSFT updates here. Reply STOP to end.')
    const odd = handler({ kind: 'unchanged' }, '$& {topic}')
    await odd.handle(request)
    expect(odd.sent[0]?.text).toContain('Current value: $& {topic}.')
  })

  it('says how to end updates by link where replies cannot reach us', async () => {
    const viber = { channel: 'viber_service', address: '447700900010' } as const
    const times = { createdAt: 0, expiresAt: 1, turns: 1 }
    const signup: Signup = { id: 's1', contact: viber, topic: 'MSFT', state: 'confirmed', ...times }
    const { handle, sent } = handler({ kind: 'changed', previous: null }, '421.50', signup)
    await handle({ ...request, contact: viber, source: 'signup' })
    expect(sent[0]?.text).toBe('You now receive MSFT updates here. To end them: https://example.org/decline/s1')
  })

  it('answers a request that is run again under the same id', async () => {
    const { handle, sent } = handler({ kind: 'changed', previous: 'GOOGL' })
    await handle(request)
    await handle(request)
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1)
  })

  it.each<[string, Partial<SubscriptionRequest>, SubscriptionOutcome, number]>([
    ['an end', { action: { kind: 'unsubscribe' } }, { kind: 'changed', previous: 'MSFT' }, 1],
    ['a wish that a newer one has overtaken', {}, { kind: 'stale' }, 1],
    ['a topic that is gone', { action: { kind: 'subscribe', topic: 'GONE' } }, { kind: 'unchanged' }, 0],
  ])('sends nothing for %s', async (_, changes, outcome, wished) => {
    const { handle, sent, wishes } = handler(outcome)
    await handle({ ...request, ...changes })
    expect(sent).toEqual([])
    expect(wishes).toHaveLength(wished)
  })
})
