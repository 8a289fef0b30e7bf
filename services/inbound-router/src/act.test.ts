import { switchboardConfig } from '@switchboard/contracts'
import type { InboundMessage, OutboundMessage, SubscriptionRequest } from '@switchboard/contracts'
import type { ConsentEvent } from '@switchboard/store'
import { describe, expect, it } from 'vitest'

import { createRouter } from './act.ts'

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

function router({ isOptedOut = false, changesConsent = true } = {}) {
  const sent: OutboundMessage[] = []
  const requests: SubscriptionRequest[] = []
  const consents: [string, ConsentEvent][] = []
  const route = createRouter({
    consent: {
      isOptedOut: async () => isOptedOut,
      record: async (...given) => {
        consents.push(given)
        return changesConsent
      },
    },
    alerts: { get: async () => undefined, alertsOf: async () => [] },
    attention: { enqueue: async () => undefined },
    subscriptionRequests: { enqueue: async (request) => void requests.push(request) },
    send: async (reply) => void sent.push(reply),
    settings,
    now: () => 2_000,
    log: { info: () => undefined },
    count: () => undefined,
  })
  return { route, sent, requests, consents }
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
    const { route, sent, requests, consents } = router()
    await route({ ...message, text: 'Stop.' })
    expect(consents).toMatchObject([['tel.447700900010', { state: 'out', words: 'Stop.', source: 'text' }]])
    expect(requests.map(({ contact }) => contact.channel)).toEqual(['sms', 'whatsapp', 'viber_service'])
    expect(requests.every(({ action }) => action.kind === 'unsubscribe')).toBe(true)
    expect(new Set(requests.map(({ id }) => id)).size).toBe(3)
    expect(sent).toMatchObject([{ ignoresConsent: true, ignoresReplyLimit: true, text: settings.texts.optedOut }])
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
    const { route, sent } = router(world)
    await route({ ...message, text })
    expect(sent).toEqual([])
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
  })

  it('answers a picture as it answers any text without a topic', async () => {
    const { route, sent } = router()
    await route({ ...message, kind: 'image', text: null })
    expect(sent).toHaveLength(1)
  })
})
