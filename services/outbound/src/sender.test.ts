import { RateLimitedError, switchboardConfig } from '@switchboard/contracts'
import type { MessageState, OutboundMessage } from '@switchboard/contracts'
import type { Claim, LedgerEvent, LedgerRecord } from '@switchboard/store'
import { NotSentError, OutcomeUnknownError, ProviderUnavailableError, RefusedError } from '@switchboard/vonage'
import { describe, expect, it } from 'vitest'

import { createSender } from './sender.ts'
import type { SenderDeps } from './sender.ts'

const message: OutboundMessage = {
  id: 'm1',
  channel: 'sms',
  to: '447700900010',
  text: 'MSFT 420.00',
  purpose: 'reply',
  createdAt: 0,
}
const firstTry = { isLastAttempt: false }
const lastTry = { isLastAttempt: true }
const refusal = new RefusedError({ code: '1320', reason: 'no such number' })

/** The ledger of one message, in memory. */
function fakeLedger(state?: MessageState, uuids: string[] = []) {
  const { id: _id, ...fields } = message
  const events: LedgerEvent[] = []
  let record: LedgerRecord | undefined = state && {
    ...fields,
    state,
    events: [],
    uuids: Object.fromEntries(uuids.map((uuid) => [uuid, state])),
  }
  const move = (event: LedgerEvent): LedgerRecord => {
    events.push(event)
    const added = Object.fromEntries((event.uuids ?? []).map((uuid) => [uuid, event.state]))
    record = { ...fields, events: [], ...record, state: event.state, uuids: { ...record?.uuids, ...added } }
    return record
  }
  const take = (event: LedgerEvent): Claim =>
    record && record.state !== 'released' ? { kind: 'taken', record } : { kind: 'claimed', record: move(event) }
  const index = new Map<string, string>()
  const parked = new Map<string, unknown[]>()
  return {
    claim: async (_: OutboundMessage, at: number) => take({ state: 'sending', at }),
    refuse: async (_: OutboundMessage, event: LedgerEvent) => take(event),
    record: async (_: string, event: LedgerEvent) => move(event),
    indexUuids: async (messageId: string, list: string[]) => list.forEach((uuid) => index.set(uuid, messageId)),
    parked: async (uuid: string) => parked.get(uuid) ?? [],
    events,
    index,
    park: (uuid: string, status: unknown) => parked.set(uuid, [status]),
    state: () => record?.state,
  }
}

interface World {
  /** What Vonage does, one after another; accepted when the list has ended. */
  answers?: Error[]
  ledger?: ReturnType<typeof fakeLedger>
  waitMs?: number
  repliesAllowed?: boolean
  changes?: Partial<SenderDeps>
}

function sender({ answers = [], ledger = fakeLedger(), waitMs = 0, repliesAllowed = true, changes = {} }: World = {}) {
  const sent: OutboundMessage[] = []
  const reports: string[] = []
  const results: string[] = []
  const applied: unknown[] = []
  const send = createSender({
    vonage: {
      async send(outgoing) {
        sent.push(outgoing)
        const error = answers.shift()
        if (error) throw error
        return { messageUuids: ['uuid-1'], parts: 1 }
      },
    },
    ledger,
    rate: { take: async () => waitMs },
    replyGuard: { allows: async () => repliesAllowed },
    limitReached: async () => undefined,
    settings: switchboardConfig.parse({ senders: { sms: '447700900000', whatsapp: '447700900001' } }),
    consent: { isOptedOut: async () => false },
    subscriptions: { isSubscribed: async () => true },
    feedValues: { get: async () => undefined },
    inbound: { isWindowOpen: async () => true },
    isAlertOpen: async () => true,
    applyStatus: async (status) => void applied.push(status),
    report: async (_, state, reason) => void reports.push(reason === undefined ? state : `${state}: ${reason}`),
    now: () => 5_000,
    log: { info: () => undefined, warn: () => undefined },
    count: (_channel, _purpose, result) => void results.push(result),
    ...changes,
  })
  return { send, sent, ledger, reports, results, applied }
}

describe('a message that is accepted', () => {
  it('is claimed, sent, recorded and reported', async () => {
    const { send, sent, ledger, reports } = sender()
    await send(message, firstTry)
    expect(sent).toEqual([message])
    expect(ledger.events.map(({ state }) => state)).toEqual(['sending', 'accepted'])
    expect(ledger.index.get('uuid-1')).toBe('m1')
    expect(reports).toEqual(['accepted'])
  })

  it('is sent once, however often its job runs', async () => {
    const { send, sent, reports } = sender()
    await send(message, firstTry)
    await send(message, firstTry)
    expect(sent).toHaveLength(1)
    expect(reports).toEqual(['accepted', 'accepted'])
  })

  it('gets the statuses that were faster than the answer', async () => {
    const { send, ledger, applied } = sender()
    ledger.park('uuid-1', { state: 'delivered' })
    await send(message, firstTry)
    expect(applied).toEqual([{ state: 'delivered' }])
  })

  it('goes as a template where the window is closed', async () => {
    const template = { name: 'switchboard:alert', locale: 'en_GB', parameters: ['{text}'] }
    const { send, sent } = sender({
      changes: {
        inbound: { isWindowOpen: async () => false },
        settings: switchboardConfig.parse({ senders: { whatsapp: '447700900001' }, templates: { whatsapp: template } }),
      },
    })
    await send({ ...message, channel: 'whatsapp' }, firstTry)
    expect(sent).toMatchObject([{ template }])
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
    await expect(send(message, firstTry)).rejects.toThrow('Redis is away')
    await send(message, firstTry)
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
    ['refused', 'refused', ['refused']],
  ] as const)('%s is not sent and ends %s', async (state, end, told) => {
    const { send, sent, ledger, reports } = sender({ ledger: fakeLedger(state) })
    await send(message, firstTry)
    expect(sent).toEqual([])
    expect(ledger.state()).toBe(end)
    expect(reports).toEqual(told)
  })

  it('released is sent', async () => {
    const { send, sent } = sender({ ledger: fakeLedger('released') })
    await send(message, firstTry)
    expect(sent).toHaveLength(1)
  })

  it('accepted, but died before it indexed the ids and took the early statuses, is finished', async () => {
    const ledger = fakeLedger('accepted', ['uuid-1'])
    ledger.park('uuid-1', { state: 'delivered' })
    const { send, applied } = sender({ ledger })
    await send(message, firstTry)
    expect(ledger.index.get('uuid-1')).toBe('m1')
    expect(applied).toEqual([{ state: 'delivered' }])
  })

  it('accepted does not become dropped when it is stale by now', async () => {
    const { send, ledger, reports, results } = sender({ ledger: fakeLedger('accepted', ['uuid-1']) })
    await send({ ...message, expiresAt: 1 }, firstTry)
    expect(ledger.state()).toBe('accepted')
    expect(reports).toEqual(['accepted'])
    expect(results).toEqual([])
  })
})

describe('a message that fails', () => {
  it.each<[string, Error, MessageState]>([
    ['5xx', new ProviderUnavailableError('answered 503', 503), 'released'],
    ['no connection', new NotSentError('could not reach'), 'released'],
    ['429', new RateLimitedError('too fast', 2_000), 'released'],
    ['refused', refusal, 'refused'],
  ])('%s: the job fails with the same error and the message is %3$s', async (_, error, state) => {
    const { send, ledger } = sender({ answers: [error] })
    await expect(send(message, firstTry)).rejects.toBe(error)
    expect(ledger.state()).toBe(state)
  })

  it.each<[string, Error, MessageState]>([
    ['5xx', new ProviderUnavailableError('answered 503', 503), 'refused'],
    ['no connection', new NotSentError('could not reach'), 'refused'],
    ['429, which costs no attempt', new RateLimitedError('too fast', 2_000), 'released'],
  ])('at the last try with %s', async (_, error, state) => {
    const { send, ledger, reports } = sender({ answers: [error] })
    await expect(send(message, lastTry)).rejects.toBe(error)
    expect(ledger.state()).toBe(state)
    expect(reports).toEqual(state === 'refused' ? [`refused: ${error.message}`] : [])
  })

  it('is sent again after it was released', async () => {
    const { send, sent, ledger } = sender({ answers: [new ProviderUnavailableError('answered 503', 503)] })
    await expect(send(message, firstTry)).rejects.toThrow()
    await send(message, firstTry)
    expect(sent).toHaveLength(2)
    expect(ledger.state()).toBe('accepted')
  })

  it('keeps the reason of a refusal', async () => {
    const { send, ledger, reports } = sender({ answers: [refusal] })
    await expect(send(message, firstTry)).rejects.toBe(refusal)
    expect(ledger.events.at(-1)?.error).toEqual({ code: '1320', reason: 'no such number' })
    expect(reports).toEqual(['refused: no such number'])
  })

  it('of unknown outcome is kept and never sent again', async () => {
    const { send, sent, ledger, reports } = sender({ answers: [new OutcomeUnknownError('no answer')] })
    await send(message, firstTry)
    await send(message, lastTry)
    expect(sent).toHaveLength(1)
    expect(ledger.state()).toBe('unknown')
    expect(reports).toEqual(['unknown: no answer', 'unknown'])
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
    ['stale', {}, { expiresAt: 5_000 }, 'dropped: stale'],
    ['too many replies', { repliesAllowed: false }, {}, 'suppressed: reply-limit'],
    ['no sender', {}, { channel: 'viber_service' }, 'suppressed: no-sender'],
  ])('%s: it is recorded and reported with the reason', async (_, world, changes, expected) => {
    const { send, sent, ledger, reports } = sender(world)
    await send({ ...message, ...changes }, firstTry)
    expect(sent).toEqual([])
    expect(reports).toEqual([expected])
    expect(ledger.events.map(({ state, reason }) => `${state}: ${reason}`)).toEqual([expected])
  })

  it.each([
    ['the confirmation of an opt-out', { ignoresConsent: true, ignoresReplyLimit: true }, 1],
    ['help that was asked for', { ignoresConsent: true }, 0],
    ['an alert', { purpose: 'alert' }, 1],
    ['an update', { purpose: 'feed' }, 1],
  ] as const)('the limit of replies and %s', async (_, changes, expected) => {
    const { send, sent } = sender({ repliesAllowed: false })
    await send({ ...message, ...changes }, firstTry)
    expect(sent).toHaveLength(expected)
  })

  it('waits for its turn without a claim', async () => {
    const { send, sent, ledger } = sender({ waitMs: 40 })
    await expect(send(message, firstTry)).rejects.toMatchObject({ name: 'RateLimitedError', retryAfterMs: 40 })
    expect(sent).toEqual([])
    expect(ledger.state()).toBeUndefined()
  })
})
