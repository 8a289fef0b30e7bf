import { OPTED_OUT_CODE } from '@switchboard/contracts'
import type { MessageStatus, OutboundMessage } from '@switchboard/contracts'
import type { LedgerEvent, LedgerRecord } from '@switchboard/store'
import { describe, expect, it } from 'vitest'

import { applyParked, createStatusHandler } from './status-handler.ts'

const status: MessageStatus = { kind: 'message', messageUuid: 'uuid-1', state: 'delivered', at: 10, receivedAt: 11 }
const record: LedgerRecord = {
  channel: 'sms',
  to: '447700900010',
  text: 'MSFT 420.00',
  purpose: 'feed',
  state: 'accepted',
  events: [],
  uuids: {},
  createdAt: 0,
}

const configured = { name: 'shop:update', locale: 'en_GB', parameters: ['{text}'] }

interface World {
  /** What the ledger knows of the message. */
  known?: Partial<LedgerRecord>
  /** Messages of the ledger, and which of them a uuid belongs to. */
  messages?: string[]
  index?: Record<string, string>
  /** Happens while the status is being parked: the acceptance is recorded. */
  whileParking?: (index: Map<string, string>) => void
}

function handler({ messages = ['m1'], index: given = {}, whileParking, known = {} }: World = {}) {
  const index = new Map(Object.entries(given))
  const recorded: [string, LedgerEvent][] = []
  const parked: MessageStatus[] = []
  const reports: string[] = []
  const sent: OutboundMessage[] = []
  const ended: unknown[] = []
  const deps = {
    ledger: {
      record: async (messageId: string, event: LedgerEvent) => {
        if (!messages.includes(messageId)) return undefined
        recorded.push([messageId, event])
        return { ...record, ...known, state: event.state }
      },
      findByUuid: async (uuid: string) => index.get(uuid),
      park: async (early: MessageStatus) => {
        parked.push(early)
        whileParking?.(index)
      },
    },
    endConsent: async (reported: unknown) => void ended.push(reported),
    reportStatus: async (messageId: string, { state }: LedgerRecord) => void reports.push(`${messageId} ${state}`),
    outbox: { send: async (message: OutboundMessage) => void sent.push(message) },
    settings: { templates: { whatsapp: configured } },
    workflowStatus: async () => false,
    log: { info: () => undefined },
    count: () => undefined,
  }
  return { handle: createStatusHandler(deps), deps, recorded, parked, reports, ended, sent }
}

describe('createStatusHandler', () => {
  it('finds the message by our own id, which travels with it', async () => {
    const { handle, recorded, reports } = handler()
    await handle({ ...status, clientRef: 'm1' })
    expect(recorded).toMatchObject([['m1', { state: 'delivered', at: 10, uuids: ['uuid-1'] }]])
    expect(reports).toEqual(['m1 delivered'])
  })

  it('finds it by the uuid otherwise, also when the client_ref is not ours', async () => {
    const { handle, recorded } = handler({ index: { 'uuid-1': 'm1' } })
    await handle(status)
    await handle({ ...status, clientRef: 'somebody else' })
    expect(recorded.map(([messageId]) => messageId)).toEqual(['m1', 'm1'])
  })

  it('parks a status that is faster than the answer to our request', async () => {
    const { handle, parked, reports } = handler()
    await handle(status)
    expect(parked).toEqual([status])
    expect(reports).toEqual([])
  })

  it('applies it itself when the answer is recorded in that very moment', async () => {
    const { handle, reports } = handler({ whileParking: (index) => index.set('uuid-1', 'm1') })
    await handle(status)
    expect(reports).toEqual(['m1 delivered'])
  })

  it('takes a duplicate, and statuses in any order: the ledger decides', async () => {
    const { handle, recorded } = handler({ index: { 'uuid-1': 'm1' } })
    for (const state of ['read', 'submitted', 'read', 'delivered'] as const) await handle({ ...status, state })
    expect(recorded).toHaveLength(4)
  })

  it('keeps the reason of a rejection; one for an opt-out ends consent', async () => {
    const { handle, recorded, ended } = handler()
    const error = { code: OPTED_OUT_CODE, reason: 'the recipient has opted out' }
    await handle({ ...status, clientRef: 'm1', state: 'rejected', error })
    expect(recorded).toMatchObject([['m1', { state: 'rejected', reason: error.reason, error }]])
    const contact = { channel: 'sms', address: '447700900010' }
    expect(ended).toEqual([{ messageId: 'm1', contact, sentAt: 10, receivedAt: 11 }])
  })

  it('leaves consent alone at any other rejection', async () => {
    const { handle, ended } = handler()
    await handle({ ...status, clientRef: 'm1', state: 'rejected', error: { code: '1170', reason: 'no such number' } })
    expect(ended).toEqual([])
  })
})

it('a parked status is checked again before it is applied', async () => {
  const { deps, reports } = handler({ index: { 'uuid-1': 'm1' } })
  await applyParked(status, deps)
  expect(reports).toEqual(['m1 delivered'])
  await expect(applyParked({ state: 'delivered' }, deps)).rejects.toThrow()
})

describe('outside the window by the provider, within it by what we know', () => {
  const rejected: MessageStatus = { ...status, state: 'rejected', error: { code: '1340', reason: 'outside' } }
  const onWhatsapp: Partial<LedgerRecord> = { channel: 'whatsapp' }
  const step = { alertId: 'alert-1', round: 0, user: 0, channel: 0 }
  const sticker = { type: 'sticker', url: 'https://example.com/a.webp' } as const

  it.each<[string, Partial<LedgerRecord>, object]>([
    ['the configured template', onWhatsapp, configured],
    ['its own', { ...onWhatsapp, template: { ...configured, name: 'shop:signup' } }, { name: 'shop:signup' }],
    ['a step of an alert', { ...onWhatsapp, about: { kind: 'alert', step } }, configured],
    [
      'what an alert had instead of its text',
      { ...onWhatsapp, content: sticker, about: { kind: 'alert', step } },
      configured,
    ],
  ])('the text goes out as %s, once, and nobody hears of the refusal', async (_name, known, template) => {
    const { handle, sent, reports } = handler({ known })
    await handle({ ...rejected, clientRef: 'm1' })
    await handle({ ...rejected, clientRef: 'm1' })
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1)
    expect(sent[0]).toMatchObject({
      to: record.to,
      text: record.text,
      content: { type: 'template', template },
      ...(known.about ? { about: known.about } : {}),
    })
    expect(reports).toEqual([])
  })

  it.each<[string, Partial<LedgerRecord>, Partial<MessageStatus>]>([
    ['another refusal', onWhatsapp, { error: { code: '1300', reason: 'no' } }],
    ['on Messenger', { channel: 'messenger' }, {}],
    ['a template', { ...onWhatsapp, content: { type: 'template', template: configured } }, {}],
    ['a sticker', { ...onWhatsapp, content: sticker }, {}],
    [
      'a template of an alert',
      { ...onWhatsapp, content: { type: 'custom', custom: { type: 'template' } }, about: { kind: 'alert', step } },
      {},
    ],
    ['the message of a Dispatch caller', { ...onWhatsapp, about: { kind: 'alert', step, isReported: true } }, {}],
  ])('%s is reported', async (_name, known, changes) => {
    const { handle, sent, reports } = handler({ known })
    await handle({ ...rejected, ...changes, clientRef: 'm1' })
    expect(sent).toEqual([])
    expect(reports).toEqual(['m1 rejected'])
  })
})
