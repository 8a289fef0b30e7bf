import { switchboardConfig } from '@switchboard/contracts'
import type { Contact, OutboundMessage, SubscriptionRequest } from '@switchboard/contracts'
import type { ConsentEvent, Signup, Subscription } from '@switchboard/store'
import { describe, expect, it } from 'vitest'

import { createSignupHandler } from './signup-handler.ts'

const contact: Contact = { channel: 'sms', address: '447700900123' }
const ask = { kind: 'ask', id: 's1', contact, topic: 'MSFT', at: 1_000 } as const
const answer = { kind: 'answer', signupId: 's1', answer: 'confirm', via: 'text', words: 'YES', at: 2_000 } as const
const asked: Signup = {
  id: 's1',
  contact,
  topic: 'MSFT',
  state: 'asked',
  turns: 0,
  createdAt: 1_000,
  expiresAt: 90_000,
}

interface World {
  newest?: Signup
  topic?: string
  senders?: object
}

function handler({ newest, topic, senders = { sms: '447700900000', viber_service: 'Shop' } }: World = {}) {
  const sent: OutboundMessage[] = []
  const requests: SubscriptionRequest[] = []
  const consents: [string, ConsentEvent][] = []
  const subscription: Subscription | undefined = topic ? { topic, sentAt: 0, receivedAt: 0, causeId: 'x' } : undefined
  const handle = createSignupHandler({
    signups: {
      newestOf: async () => newest,
      open: async (signup) => signup,
      async answer(_, given, at) {
        if (!newest || (given === 'confirm' && at >= newest.expiresAt)) return { kind: newest ? 'expired' : 'unknown' }
        return { kind: 'answered', signup: { ...newest, state: given === 'confirm' ? 'confirmed' : 'declined' } }
      },
    },
    subscriptions: { get: async () => subscription },
    consent: {
      async record(personId, event) {
        consents.push([personId, event])
        return true
      },
    },
    subscriptionRequests: { enqueue: async (request) => void requests.push(request) },
    send: async (message) => void sent.push(message),
    link: (given, { id }) => `https://example.org/${given}/${id}`,
    settings: switchboardConfig.parse({ senders, feeds: { MSFT: { source: 'push' } } }),
    now: () => 1_500,
    log: { info: () => undefined },
  })
  return { handle, sent, requests, consents }
}

describe('a sign-up', () => {
  it('is asked for a yes where replies reach us', async () => {
    const { handle, sent, requests } = handler()
    await handle(ask)
    expect(sent).toMatchObject([
      { channel: 'sms', purpose: 'notification', text: expect.stringContaining('Reply YES') },
    ])
    expect(requests).toEqual([])
  })

  it.each([
    ['on Viber', { ...contact, channel: 'viber_service' }, undefined],
    ['from a sender that is a name', contact, { sms: 'Shop' }],
  ] as const)('is asked with links %s', async (_, to, senders) => {
    const { handle, sent } = handler(senders ? { senders } : {})
    await handle({ ...ask, contact: to })
    expect(sent[0]?.text).toContain('https://example.org/confirm/s1')
    expect(sent[0]?.text).toContain('https://example.org/decline/s1')
  })

  it.each<[string, World, string]>([
    ['for a topic that is gone', {}, 'GOOGL'],
    ['of somebody who has it already', { topic: 'MSFT' }, 'MSFT'],
    ['of somebody who declined lately', { newest: { ...asked, id: 's0', state: 'declined' } }, 'MSFT'],
  ])('%s is not asked', async (_, world, topic) => {
    const { handle, sent } = handler(world)
    await handle({ ...ask, topic })
    expect(sent).toEqual([])
  })
})

describe('its answer', () => {
  it('yes subscribes and is kept as consent, with the words', async () => {
    const { handle, requests, consents } = handler({ newest: asked })
    await handle(answer)
    expect(requests).toMatchObject([{ contact, source: 'signup', action: { kind: 'subscribe', topic: 'MSFT' } }])
    expect(consents).toMatchObject([['tel.447700900123', { state: 'in', source: 'signup', words: 'YES' }]])
  })

  it('no does nothing more, and ends what was confirmed before', async () => {
    const declined = handler({ newest: asked })
    await declined.handle({ ...answer, answer: 'decline' })
    expect([declined.requests, declined.consents]).toEqual([[], []])
    const regretted = handler({ newest: asked, topic: 'MSFT' })
    await regretted.handle({ ...answer, answer: 'decline', via: 'link' })
    expect(regretted.requests).toMatchObject([{ action: { kind: 'unsubscribe' } }])
  })

  it('comes to nothing when it is too late or the sign-up is gone', async () => {
    for (const world of [{ newest: asked }, {}]) {
      const { handle, requests, consents } = handler(world)
      await handle({ ...answer, at: 90_000 })
      expect([requests, consents]).toEqual([[], []])
    }
  })
})
