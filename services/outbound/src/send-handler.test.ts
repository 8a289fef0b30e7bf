import { switchboardConfig } from '@switchboard/contracts'
import type { MessageState, OutboundMessage } from '@switchboard/contracts'
import { NotAcceptedError } from '@switchboard/vonage'
import { describe, expect, it } from 'vitest'

import { badKey, fakeLedger, limited, message, refusal, sender, unavailable } from './testing/world.ts'
import type { World } from './testing/world.ts'

const sticker = { type: 'sticker', url: 'https://example.com/a.webp' } as const
const step = { alertId: 'alert-1', round: 0, user: 0, channel: 0 }

describe('a message that is accepted', () => {
  it('is claimed, sent, recorded and reported', async () => {
    const { send, sent, ledger, reports } = sender()
    await send(message)
    expect(sent).toEqual([message])
    expect(ledger.events.map(({ state }) => state)).toEqual(['sending', 'accepted'])
    expect(ledger.index.get('uuid-1')).toBe('m1')
    expect(reports).toEqual(['accepted'])
  })

  it('is sent once, however often its job runs', async () => {
    const { send, sent, reports } = sender()
    await send(message)
    await send(message)
    expect(sent).toHaveLength(1)
    expect(reports).toEqual(['accepted', 'accepted'])
  })

  it('gets the statuses that were faster than the answer', async () => {
    const { send, ledger, applied } = sender()
    ledger.park('uuid-1', { state: 'delivered' })
    await send(message)
    expect(applied).toEqual([{ state: 'delivered' }])
  })

  it.each<[string, Partial<OutboundMessage>, boolean]>([
    ['a text', {}, true],
    ['what an alert has instead of its text', { content: sticker, about: { kind: 'alert', step } }, true],
    ['a picture that a program asks for', { content: sticker, purpose: 'message' }, false],
    ['a Dispatch caller’s', { content: sticker, about: { kind: 'alert', step, isReported: true } }, false],
  ])('outside the window %s goes as a template, where that says it', async (_, changes, isTemplated) => {
    const template = { name: 'switchboard:alert', locale: 'en_GB', parameters: ['{text}'] }
    const { send, sent } = sender({
      changes: {
        inbound: { isWindowOpen: async () => false },
        settings: switchboardConfig.parse({ senders: { whatsapp: '447700900001' }, templates: { whatsapp: template } }),
      },
    })
    await send({ ...message, channel: 'whatsapp', ...changes })
    expect(sent.filter((each) => each.template !== undefined)).toHaveLength(isTemplated ? 1 : 0)
  })

  it('is never sent again when the record of its acceptance fails', async () => {
    const ledger = fakeLedger()
    const record = ledger.record
    let failures = 1
    ledger.record = async (...given) => {
      if (failures-- > 0) throw new Error('Redis is away')
      return record(...given)
    }
    const { send, sent, reports } = sender({ ledger })
    await expect(send(message)).rejects.toThrow('Redis is away')
    await send(message)
    expect(sent).toHaveLength(1)
    expect(reports).toEqual(['unknown: interrupted'])
  })
})

describe('a message that an earlier try left', () => {
  it.each([
    ['sending', 'unknown', ['unknown: interrupted']],
    ['unknown', 'unknown', ['unknown']],
    ['accepted', 'accepted', ['accepted']],
    ['delivered', 'delivered', ['delivered']],
  ] as const)('%s is not sent and ends %s', async (state, end, told) => {
    const { send, sent, ledger, reports } = sender({ ledger: fakeLedger(state) })
    await send(message)
    expect(sent).toEqual([])
    expect(ledger.state()).toBe(end)
    expect(reports).toEqual(told)
  })

  it('released is sent', async () => {
    const { send, sent } = sender({ ledger: fakeLedger('released') })
    await send(message)
    expect(sent).toHaveLength(1)
  })

  it('accepted, but died before it indexed the ids and took the early statuses, is finished', async () => {
    const ledger = fakeLedger('accepted', ['uuid-1'])
    ledger.park('uuid-1', { state: 'delivered' })
    const { send, applied } = sender({ ledger })
    await send(message)
    expect(ledger.index.get('uuid-1')).toBe('m1')
    expect(applied).toEqual([{ state: 'delivered' }])
  })

  it('accepted does not become dropped when it is stale by now', async () => {
    const { send, ledger, reports, results } = sender({ ledger: fakeLedger('accepted', ['uuid-1']) })
    await send({ ...message, expiresAt: 1 })
    expect(ledger.state()).toBe('accepted')
    expect(reports).toEqual(['accepted'])
    expect(results).toEqual([])
  })
})

describe('a message that fails', () => {
  it.each<[string, Error, MessageState, object]>([
    ['5xx', unavailable, 'released', { name: 'NotAcceptedError' }],
    ['429', limited, 'released', { name: 'PostponedError', delayMs: 2_000 }],
    ['refused', refusal, 'refused', { name: 'PermanentError' }],
    ['the account', badKey(), 'released', { name: 'NotAcceptedError' }],
  ])('%s: the message is %3$s, and the queue knows what to do', async (_, error, state, thrown) => {
    const { send, ledger } = sender({ answers: [error] })
    await expect(send(message)).rejects.toMatchObject(thrown)
    expect(ledger.state()).toBe(state)
  })

  it('is sent again after it was released', async () => {
    const { send, sent, ledger } = sender({ answers: [unavailable] })
    await expect(send(message)).rejects.toThrow()
    await send(message)
    expect(sent).toHaveLength(2)
    expect(ledger.state()).toBe('accepted')
  })

  it('keeps the reason of a refusal', async () => {
    const { send, ledger, reports } = sender({ answers: [refusal] })
    await expect(send(message)).rejects.toThrow('no such number')
    expect(ledger.events.at(-1)?.error).toEqual({ code: '1320', reason: 'no such number' })
    expect(reports).toEqual(['refused: no such number'])
  })

  it('of unknown outcome is kept and never sent again', async () => {
    const { send, sent, ledger, reports } = sender({
      answers: [new NotAcceptedError({ kind: 'unknown', reason: 'no answer' })],
    })
    await send(message)
    await send(message)
    expect(sent).toHaveLength(1)
    expect(ledger.state()).toBe('unknown')
    expect(reports).toEqual(['unknown: no answer', 'unknown'])
  })

  it('and was refused is sent when somebody runs its job again, however late', async () => {
    const { send, sent, reports, clock } = sender({ answers: [refusal] })
    await expect(send(message)).rejects.toThrow()
    clock.now += 86_400_000
    await send(message)
    expect(sent).toHaveLength(2)
    expect(reports.at(-1)).toBe('accepted')
  })
})

describe('a message that may not go out', () => {
  it.each<[string, World, Partial<OutboundMessage>, string]>([
    ['opted out', { changes: { consent: { isOptedOut: async () => true } } }, {}, 'suppressed: opted-out'],
    [
      'the topic was left',
      { changes: { subscriptions: { isSubscribed: async () => false } } },
      { purpose: 'feed', about: { kind: 'feed', topic: 'MSFT', tick: 1 } },
      'suppressed: not-subscribed',
    ],
    ['late', {}, { expiresAt: 5_000 }, 'dropped: expired'],
    ['too many replies', { repliesAllowed: false }, {}, 'suppressed: reply-limit'],
    ['no sender', {}, { channel: 'viber_service' }, 'suppressed: no-sender'],
  ])('%s: it is recorded and reported with the reason', async (_, world, changes, expected) => {
    const { send, sent, ledger, reports } = sender(world)
    await send({ ...message, ...changes })
    expect(sent).toEqual([])
    expect(reports).toEqual([expected])
    expect(ledger.events.map(({ state, reason }) => `${state}: ${reason}`)).toEqual([expected])
  })

  it('an update that another has overtaken is counted, not written down', async () => {
    const { send, sent, ledger, reports, results } = sender()
    await send({ ...message, purpose: 'feed', about: { kind: 'feed', topic: 'MSFT', tick: 1 }, expiresAt: 5_000 })
    expect([sent, ledger.events]).toEqual([[], []])
    expect([reports, results]).toEqual([['dropped: stale'], ['dropped:stale']])
  })

  it.each([
    ['the confirmation of an opt-out', { ignoresConsent: true, ignoresReplyLimit: true }, 1],
    ['help that was asked for', { ignoresConsent: true }, 0],
    ['an alert', { purpose: 'alert' }, 1],
    ['an update', { purpose: 'feed' }, 1],
  ] as const)('the limit of replies and %s', async (_, changes, expected) => {
    const { send, sent } = sender({ repliesAllowed: false })
    await send({ ...message, ...changes })
    expect(sent).toHaveLength(expected)
  })

  it('waits for its turn without a claim', async () => {
    const { send, sent, ledger } = sender({ waitMs: 40 })
    await expect(send(message)).rejects.toMatchObject({ name: 'RateLimitedError', retryAfterMs: 40 })
    expect(sent).toEqual([])
    expect(ledger.state()).toBeUndefined()
  })
})
