import { switchboardConfig } from '@switchboard/contracts'
import type { Alert, AlertAttention, AlertPlan, AuditEntry, StatusWebhook } from '@switchboard/contracts'
import type { CallRecord, WaitingCall } from '@switchboard/store'
import { issueLinkToken } from '@switchboard/tokens'
import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'

import { installProblems, Problem } from '../problem.ts'
import { callKeyWebhook } from './call-key.ts'

const NOW = 1_790_000_000_000
const secret = 'a secret of many characters'
const voice = { channel: 'voice', to: '447700900012', expirySeconds: 60, condition: 'read', language: 'en-GB' } as const
const plan: AlertPlan = {
  users: ['Michael', 'Ann'].map((name) => ({ name, channels: [voice, voice], finalWaitSeconds: 60 })),
  repeat: 0,
  announce: false,
  engine: 'local',
}
const walking: Alert = {
  id: 'alert-1',
  code: 'A17',
  text: 'db-7 is down',
  planId: 'plan',
  state: 'walking',
  createdAt: NOW,
  step: { round: 0, user: 0, channel: 0 },
  dueAt: NOW + 60_000,
  resends: 0,
  timeline: [],
}
const attendedBy = (user: string): Partial<Alert> => ({ state: 'attended', attendedBy: { how: 'call', at: NOW, user } })

interface Given {
  alert?: Partial<Alert>
  user?: number
  isAway?: boolean
  isSigned?: boolean
  isMachine?: boolean
  /** Calls that wait for the line of the number. */
  waits?: WaitingCall[]
}

function build({ alert = {}, user = 0, isAway = false, isSigned = true, isMachine = false, waits = [] }: Given = {}) {
  let waiting = waits
  const app = fastify()
  const statuses: StatusWebhook[] = []
  const attentions: AlertAttention[] = []
  const trail: AuditEntry[] = []
  const enqueue =
    <Payload>(list: Payload[]) =>
    async (payload: Payload) => {
      if (isAway) throw new Error('Redis is away')
      list.push(payload)
    }
  const step = { alertId: 'alert-1', round: 0, user, channel: 0 }
  const record = {
    channel: 'voice' as const,
    to: voice.to,
    text: 'db-7 is down. Press 1.',
    purpose: 'alert' as const,
    about: { kind: 'alert' as const, step },
    state: 'submitted' as const,
    events: [],
    uuids: {},
    createdAt: NOW,
  }
  installProblems(app)
  callKeyWebhook(app, {
    requireVoiceSignature: async () => {
      if (!isSigned) throw new Problem(401, 'Bad signature', 'It is not signed.')
    },
    sessionSecret: secret,
    publicUrl: 'https://alerts.example',
    ledger: { get: async (id) => (id === 'm1' ? record : undefined) },
    alerts: { get: async (id) => ({ ...walking, id, ...(id === 'alert-1' ? alert : {}) }), plan: async () => plan },
    calls: { get: async () => (isMachine ? answeredByMachine : underWay) },
    waitingCalls: {
      list: async () => waiting,
      join: async (_number, { messageId }, joined) => {
        waiting = waiting.map((each) => (each.messageId === messageId ? { ...each, joined } : each))
        return true
      },
    },
    status: { enqueue: enqueue(statuses) },
    attention: { enqueue: enqueue(attentions) },
    trail: { enqueue: enqueue(trail) },
    callSettings: switchboardConfig.parse({}),
    now: () => NOW,
  })
  const press = async (digits: string, token = tokenFor('m1')) => {
    const payload = { uuid: 'leg-1', timestamp: '2026-09-21T14:13:20.000Z', dtmf: { digits, timed_out: digits === '' } }
    const answer = await app.inject({ method: 'POST', url: `/webhooks/call-key/${token}`, payload })
    return { status: answer.statusCode, said: answer.json<unknown>() }
  }
  return { press, statuses, attentions, trail }
}

function tokenFor(subject: string, purpose: 'call' | 'acknowledge' = 'call'): string {
  return issueLinkToken(secret, { purpose, subject, ttlSeconds: 60, now: NOW })
}

const says = (text: string) => [{ action: 'talk', text, language: 'en-GB' }]

const underWay: CallRecord = { uuid: 'leg-1', state: 'answered', to: voice.to, startedAt: NOW, legs: {}, events: [] }
const answeredByMachine: CallRecord = { ...underWay, events: [{ leg: 'leg-1', status: 'machine', at: NOW }] }

describe('a key that is pressed in a call', () => {
  it('none, on a machine: it has the text by now, and the call ends', async () => {
    expect(await build({ isMachine: true }).press('')).toEqual({ status: 200, said: [] })
  })

  it('1: the message was heard', async () => {
    const { press, statuses, attentions, trail } = build()
    expect(await press('1')).toEqual({ status: 200, said: says('You have it. Thank you.') })
    expect(trail).toMatchObject([{ who: 'Michael', via: 'call', action: 'alert.acknowledge', target: 'alert-1' }])
    await press('1')
    expect(new Set(trail.map(({ id }) => id)).size).toBe(1)
    statuses.pop()
    expect(statuses).toMatchObject([{ kind: 'message', clientRef: 'm1', messageUuid: 'leg-1', state: 'read' }])
    expect(attentions).toEqual([])
  })

  it.each<[number, Partial<Alert>, string]>([
    [0, {}, 'It is passed on. Thank you.'],
    [1, {}, 'Nobody is left to pass it on to.'],
    [0, { state: 'exhausted' }, 'Nobody is left to pass it on to.'],
    [0, { blockedSince: NOW }, 'Nobody is left to pass it on to.'],
  ])('2, by user %i: the walk is told', async (user, alert, said) => {
    const { press, statuses, attentions, trail } = build({ user, alert })
    expect((await press('2')).said).toEqual(says(said))
    const step = { alertId: 'alert-1', round: 0, user, channel: 0 }
    expect(attentions).toMatchObject([{ alertId: 'alert-1', evidence: { kind: 'pass', step, how: 'call' } }])
    expect(trail).toMatchObject([{ kind: 'person', who: ['Michael', 'Ann'][user], via: 'call', action: 'alert.pass' }])
    expect(statuses).toEqual([])
  })

  it.each(['9', '5', '#', ''])('"%s": it is said again', async (digits) => {
    const { press, statuses, attentions, trail } = build()
    const eventUrl = [`https://alerts.example/webhooks/call-key/${tokenFor('m1')}`]
    expect((await press(digits)).said).toMatchObject([
      { action: 'talk', text: 'db-7 is down. Press 1.' },
      { action: 'input', eventUrl },
    ])
    expect([...statuses, ...attentions, ...trail]).toEqual([])
  })

  it.each<[string, Partial<Alert>, string]>([
    ['somebody else has it', attendedBy('Ann'), 'Nothing is left to do: Ann has it.'],
    ['they have it themselves', attendedBy('Michael'), 'You have it. Thank you.'],
    ['it was cancelled', { state: 'cancelled' }, 'Nothing is left to do: it is over.'],
  ])('when %s: nothing but an answer', async (_, alert, said) => {
    for (const digits of ['1', '2', '9', '']) {
      const { press, statuses, attentions } = build({ alert })
      expect((await press(digits)).said).toEqual(says(said))
      expect([...statuses, ...attentions]).toEqual([])
    }
  })

  it.each([
    ['of another purpose', tokenFor('m1', 'acknowledge')],
    ['of no message', tokenFor('m2')],
    ['that is forged', `${tokenFor('m1').slice(0, -1)}!`],
  ])('with a token %s: nothing', async (_, token) => {
    const { press, statuses } = build()
    expect(await press('1', token)).toMatchObject({ status: 404 })
    expect(statuses).toEqual([])
  })

  it('is not believed without a signature', async () => {
    const { press, statuses } = build({ isSigned: false })
    expect(await press('1')).toMatchObject({ status: 401 })
    expect(statuses).toEqual([])
  })

  it.each(['1', '2'])('%s while Redis is away: Vonage shall ask again', async (digits) => {
    expect(await build({ isAway: true }).press(digits)).toMatchObject({ status: 503 })
  })
})

describe('another alert that waits for the number', () => {
  it.each([
    ['1', {}, 'You have it. Thank you.'],
    ['2', {}, 'It is passed on. Thank you.'],
    ['9', attendedBy('Ann'), 'Nothing is left to do: Ann has it.'],
  ])('is said after key %s, and after the same webhook once more; the oldest first', async (key, alert, said) => {
    const { press } = build({ alert, waits: [waiting('m2'), waiting('m3')] })
    expect((await press(key)).said).toMatchObject([{ text: said }, ...asked('m2')])
    expect((await press(key)).said).toMatchObject([{ text: said }, ...asked('m2')])
    expect((await press('1', tokenFor('m2'))).said).toMatchObject([{ text: 'You have it. Thank you.' }, ...asked('m3')])
  })

  it('is answered for itself, before it has a record', async () => {
    const { press, statuses } = build({ waits: [waiting('m2')] })
    await press('1')
    await press('1', tokenFor('m2'))
    expect(statuses).toMatchObject([
      { clientRef: 'm1', messageUuid: 'leg-1', state: 'read' },
      { clientRef: 'm2', messageUuid: 'leg-1.m2', state: 'read' },
    ])
  })

  it.each<[string, WaitingCall, string]>([
    ['whose step is over', { ...waiting('m2'), step: { ...waiting('m2').step, user: 1 } }, '1'],
    ['that has joined another call', { ...waiting('m2'), joined: { leg: 'leg-0', after: 'm0' } }, '1'],
    ['while none is pressed', waiting('m2'), ''],
  ])('%s: the call ends', async (_, waits, key) => {
    const { press } = build({ alert: attendedBy('Michael'), waits: [waits] })
    expect((await press(key)).said).toEqual(says('You have it. Thank you.'))
  })

  it('has not joined: its token opens nothing', async () => {
    expect(await build({ waits: [waiting('m2')] }).press('1', tokenFor('m2'))).toMatchObject({ status: 404 })
  })
})

function waiting(messageId: string): WaitingCall {
  return {
    messageId,
    text: `${messageId} is said`,
    step: { alertId: `alert-of-${messageId}`, round: 0, user: 0, channel: 0 },
    call: { keysUrl: `https://alerts.example/${messageId}`, language: 'en-GB', ringingSeconds: 30 },
    since: NOW,
  }
}

const asked = (id: string) => [
  { action: 'talk', text: `${id} is said` },
  { action: 'input', eventUrl: [`https://alerts.example/${id}`] },
]
