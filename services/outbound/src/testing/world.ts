import { admit, afterAnswer, switchboardConfig, takeProbe } from '@switchboard/contracts'
import type { MessageState, OutboundMessage, SenderState } from '@switchboard/contracts'
import type { Claim, LedgerEvent, LedgerRecord } from '@switchboard/store'
import { NotAcceptedError } from '@switchboard/vonage'

import { createSendHandler } from '../send-handler.ts'
import type { SendDeps } from '../send-handler.ts'

export const message: OutboundMessage = {
  id: 'm1',
  channel: 'sms',
  to: '447700900010',
  text: 'MSFT 420.00',
  purpose: 'reply',
  createdAt: 0,
}
export const refusal = new NotAcceptedError({ kind: 'refused', code: '1320', reason: 'no such number' })
export const unavailable = new NotAcceptedError({ kind: 'later', reason: 'answered 503' })
export const limited = new NotAcceptedError({ kind: 'later', reason: 'answered 429', retryAfterMs: 2_000 })
export const badKey = () => new NotAcceptedError({ kind: 'account', code: '401', reason: 'bad key' })

/** The ledger of one message, in memory. */
export function fakeLedger(state?: MessageState, uuids: string[] = []) {
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
  const take = (event: LedgerEvent, open: MessageState[] = ['released']): Claim =>
    record && !open.includes(record.state) ? { kind: 'taken', record } : { kind: 'claimed', record: move(event) }
  const index = new Map<string, string>()
  const parked = new Map<string, unknown[]>()
  return {
    get: async () => record,
    claim: async (_: OutboundMessage, at: number) => take({ state: 'sending', at }, ['released', 'refused']),
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

/** Our senders, in memory. */
function fakeSenders(now: () => number) {
  let state: SenderState | undefined
  const change = (after: SenderState | undefined) => {
    const before = state
    state = after
    return { before, after }
  }
  return {
    get: async () => state,
    takeProbe: async (_: object, messageId: string) => {
      if (!state || admit(state, messageId, now()).kind !== 'probe') return false
      change(takeProbe(state, messageId, now()))
      return true
    },
    answered: async (id: Pick<SenderState, 'channel' | 'sender'>, answer: Parameters<typeof afterAnswer>[2]) =>
      change(afterAnswer(state, id, answer, now())),
  }
}

export interface World {
  /** What Vonage does, one after another; accepted when the list has ended. */
  answers?: Error[]
  ledger?: ReturnType<typeof fakeLedger>
  waitMs?: number
  repliesAllowed?: boolean
  changes?: Partial<SendDeps>
}

export function sender({
  answers = [],
  ledger = fakeLedger(),
  waitMs = 0,
  repliesAllowed = true,
  changes = {},
}: World = {}) {
  const sent: OutboundMessage[] = []
  const reports: string[] = []
  const results: string[] = []
  const logged: string[] = []
  const clock = { now: 5_000 }
  const applied: unknown[] = []
  const send = createSendHandler({
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
    lines: { take: async () => true, release: async () => undefined },
    waitingCalls: { joinedLeg: async () => undefined, leave: async () => undefined, wait: async () => undefined },
    callCeiling: { take: async () => true },
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
    now: () => clock.now,
    random: () => 0.5,
    senders: fakeSenders(() => clock.now),
    log: {
      info: (_, event) => void logged.push(event),
      warn: (_, event) => void logged.push(event),
      error: (_, event) => void logged.push(event),
    },
    count: (_channel, _purpose, result) => void results.push(result),
    ...changes,
  })
  return { send, sent, ledger, reports, results, applied, logged, clock }
}
