import { notificationSettings } from '@switchboard/contracts'
import type { NotificationRequest, OutboundMessage } from '@switchboard/contracts'
import type { AskOutcome, FollowUp, NotificationRecord } from '@switchboard/store'
import { describe, expect, it } from 'vitest'

import { exampleNotification, exampleReply } from './example-notification.ts'
import { createProgressHandler, recordProgress } from './progress-handler.ts'
import { createReplyHandler } from './reply-handler.ts'
import { createRequestHandler } from './request-handler.ts'

function fakes(records: NotificationRecord[] = [], place: AskOutcome = { kind: 'newest', replaced: undefined }) {
  const byId = new Map(records.map((record) => [record.id, record]))
  const sent: OutboundMessage[] = []
  const open = new Map<string, FollowUp>()
  const notifications = {
    get: async (id: string) => byId.get(id),
    async create(record: NotificationRecord) {
      const kept = byId.get(record.id) ?? record
      byId.set(record.id, kept)
      return kept
    },
    ask: async () => place,
    async update<Result>(
      id: string,
      decide: (current: NotificationRecord | undefined) => { next?: NotificationRecord; result: Result },
    ) {
      const { next, result } = decide(byId.get(id))
      if (next) byId.set(id, next)
      return result
    },
  }
  const followUps = {
    add: async (each: FollowUp) => void open.set(each.id, each),
    async finish(id: string) {
      const each = open.get(id)
      open.delete(id)
      return each
    },
  }
  const settings = {
    notifications: {
      delivery: notificationSettings.parse({
        text: 'Hello {name}, reply 1',
        options: { '1': 'tomorrow' },
        whatsappTemplate: { name: 'shop:delivery', locale: 'en_GB', parameters: ['{name}', '{text}'] },
      }),
    },
  }
  const deps = {
    notifications,
    followUps,
    settings,
    send: async (message: OutboundMessage) => void sent.push(message),
    now: () => 1,
    log: { info: () => undefined },
  }
  return { deps, byId, sent, open }
}

const request: NotificationRequest = {
  id: 'n2',
  name: 'delivery',
  contact: { channel: 'sms', address: '447700900123' },
  variables: { name: 'Ada' },
  warnings: ['odd'],
  createdAt: 100,
}

describe('a requested notification', () => {
  it('is kept, asked and sent with its variables', async () => {
    const { deps, byId, sent } = fakes()
    await createRequestHandler(deps)(request)
    expect(byId.get('n2')).toMatchObject({ text: 'Hello Ada, reply 1', warnings: ['odd'], expiresAt: 259_200_100 })
    expect(sent).toMatchObject([
      {
        text: 'Hello Ada, reply 1',
        purpose: 'notification',
        about: { notificationId: 'n2' },
        template: { parameters: ['Ada', '{text}'] },
      },
    ])
  })

  it('marks the one it replaces as superseded', async () => {
    const { deps, byId } = fakes([exampleNotification()], { kind: 'newest', replaced: 'n1' })
    await createRequestHandler(deps)(request)
    expect(byId.get('n1')?.supersededBy).toBe('n2')
  })

  it('is not sent when a newer one is there', async () => {
    const { deps, byId, sent } = fakes([], { kind: 'superseded', by: 'n9' })
    await createRequestHandler(deps)(request)
    expect(byId.get('n2')?.supersededBy).toBe('n9')
    expect(sent).toEqual([])
  })

  it('fails for good when the configuration does not know it', async () => {
    await expect(createRequestHandler(fakes().deps)({ ...request, name: 'other' })).rejects.toThrow(/no notification/)
  })
})

describe('a reply', () => {
  it('run twice sends the same confirmation under the same id', async () => {
    const { deps, sent } = fakes([exampleNotification()])
    const handle = createReplyHandler(deps)
    await handle(exampleReply('1'))
    await handle(exampleReply('1'))
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1)
    expect(sent[0]?.text).toContain('option 1')
  })

  it('is marked for a person after three re-asks, and done once there is a choice', async () => {
    const { deps, sent, open, byId } = fakes([exampleNotification()])
    const handle = createReplyHandler(deps)
    for (const text of ['a', 'b', 'c', 'd', 'e']) await handle(exampleReply(text))
    expect(sent.map(({ text }) => text.slice(0, 12))).toEqual([
      ...Array<string>(3).fill('Please reply'),
      'A person wil',
    ])
    expect([...open.values()]).toMatchObject([{ kind: 'invalid-replies', notificationId: 'n1', text: 'd' }])
    expect(byId.get('n1')?.needsPerson).toBe(true)
    await handle(exampleReply('1'))
    expect(open.size).toBe(0)
  })

  it('to an erased notification does nothing', async () => {
    const { deps, sent } = fakes()
    await createReplyHandler(deps)(exampleReply('1'))
    expect(sent).toEqual([])
  })
})

describe('progress', () => {
  const progress = { notificationId: 'n1', messageId: 'm1', at: 5 } as const

  it('shows a failure with its reason', async () => {
    const { deps, byId } = fakes([exampleNotification()])
    await createProgressHandler(deps)({ ...progress, state: 'rejected', reason: 'barred' })
    expect(byId.get('n1')?.message).toEqual({ id: 'm1', state: 'rejected', reason: 'barred', at: 5 })
  })

  it('only moves forward', () => {
    const delivered = recordProgress(exampleNotification(), { ...progress, state: 'delivered' }).next
    expect(recordProgress(delivered, { ...progress, state: 'accepted' }).next).toBeUndefined()
    expect(recordProgress(undefined, { ...progress, state: 'accepted' }).next).toBeUndefined()
  })

  it('that could not be sent in time goes to a person, once', async () => {
    const { deps, byId, open } = fakes([exampleNotification()])
    const handle = createProgressHandler(deps)
    for (const state of ['dropped', 'dropped'] as const) await handle({ ...progress, state, reason: 'expired' })
    expect(byId.get(progress.notificationId)).toMatchObject({ needsPerson: true, message: { state: 'dropped' } })
    expect([...open.values()]).toMatchObject([{ kind: 'unsent', notificationId: progress.notificationId }])
  })
})
