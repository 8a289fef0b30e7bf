import { isForgotten, notificationFollowUpId, optionsFor, own } from '@switchboard/contracts'
import type { OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import type { FollowUps, NotificationRecord, Notifications } from '@switchboard/store'
import { createWorkflow } from '@switchboard/workflow'
import type { Workflow, WorkflowLog } from '@switchboard/workflow'

import { markSuperseded, templateOf } from './notification-of.ts'
import { notificationObligations } from './obligations.ts'
import type { NotificationObligation } from './obligations.ts'

export interface NotificationWorkflowDeps {
  notifications: Pick<Notifications, 'records' | 'list' | 'isListed'>
  followUps: Pick<FollowUps, 'add' | 'finish'>
  send: (message: OutboundMessage) => Promise<void>
  settings: Pick<SwitchboardConfig, 'notifications'>
  now: () => number
  log: WorkflowLog
  countRescue?: (workflow: string) => void
}

export type NotificationWorkflow = Workflow<NotificationRecord>

/** A notification and its world: its question, what is answered to replies, and the people who take over. */
export function createNotificationWorkflow(deps: NotificationWorkflowDeps): NotificationWorkflow {
  const { notifications, followUps, send, now } = deps
  const workflow: NotificationWorkflow = createWorkflow<NotificationRecord, NotificationObligation, undefined>(
    {
      name: 'notification',
      logFields: (notificationId) => ({ notificationId }),
      contextOf: async () => undefined,
      obligations: notificationObligations,
      lookAt: () => undefined,
      isIncomplete: async (_record, id) => !(await notifications.isListed(id)),
      async fulfil(owed, record) {
        switch (owed.kind) {
          case 'listed':
            return notifications.list(record)
          case 'superseding':
            await workflow.move(owed.notificationId, (current) => markSuperseded(current, record.id), undefined)
            return undefined
          case 'question':
            return send(questionOf(owed.id, record, deps))
          case 'answer':
            return isForgotten(owed.reply.receivedAt, now()) ? undefined : send(answerOf(owed, record, deps))
          case 'person': {
            const { id, why: kind, text, createdAt } = owed
            return followUps.add({ id, kind, contact: record.contact, text, notificationId: record.id, createdAt })
          }
          case 'no-person':
            await followUps.finish(notificationFollowUpId(record.id))
            return undefined
        }
      },
    },
    { ...deps, records: notifications.records },
  )
  return workflow
}

function questionOf(id: string, record: NotificationRecord, deps: NotificationWorkflowDeps): OutboundMessage {
  const settings = own(deps.settings.notifications, record.name)
  const sendWithinMs = (settings?.sendWithinSeconds ?? Infinity) * 1_000
  const template = settings && templateOf(settings, record)
  return {
    id,
    channel: record.contact.channel,
    to: record.contact.address,
    text: record.text,
    purpose: 'notification',
    createdAt: deps.now(),
    expiresAt: Math.min(record.expiresAt, record.createdAt + sendWithinMs),
    about: { kind: 'notification', notificationId: record.id },
    buttons: Object.entries(record.options).map(([option, title]) => ({ id: option, title })),
    ...(template ? { template } : {}),
    ...optionsFor(record.contact.channel, settings?.messageOptions),
  }
}

function answerOf(
  { id, text, reply }: Extract<NotificationObligation, { kind: 'answer' }>,
  { contact }: NotificationRecord,
  { now }: NotificationWorkflowDeps,
): OutboundMessage {
  return {
    id,
    channel: contact.channel,
    to: contact.address,
    text,
    purpose: 'reply',
    answersSince: reply.receivedAt,
    createdAt: now(),
  }
}
