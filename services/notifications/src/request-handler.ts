import { notificationMessageId, PermanentError, own } from '@switchboard/contracts'
import type { NotificationRequest, OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import type { NotificationRecord, Notifications } from '@switchboard/store'

import { notificationOf, templateOf } from './notification-of.ts'

export interface RequestDeps {
  notifications: Pick<Notifications, 'create' | 'ask' | 'update'>
  send: (message: OutboundMessage) => Promise<void>
  settings: Pick<SwitchboardConfig, 'notifications'>
  now: () => number
  log: { info: (fields: object, event: string) => void }
}

/** Handles a requested notification: its record, its place as the contact's open question, its message. */
export function createRequestHandler(deps: RequestDeps) {
  return async (request: NotificationRequest): Promise<void> => {
    const settings = own(deps.settings.notifications, request.name)
    if (!settings) throw new PermanentError(`There is no notification "${request.name}" in the configuration`)
    const record = await deps.notifications.create(notificationOf(request, settings))
    const place = await deps.notifications.ask(record)
    if (place.kind === 'superseded') {
      await supersede(record.id, place.by, deps)
      return
    }
    if (place.replaced !== undefined) await supersede(place.replaced, record.id, deps)
    const template = templateOf(settings, record)
    await deps.send({
      id: notificationMessageId(record.id),
      channel: record.contact.channel,
      to: record.contact.address,
      text: record.text,
      purpose: 'notification',
      createdAt: deps.now(),
      expiresAt: Math.min(record.expiresAt, record.createdAt + settings.sendWithinSeconds * 1_000),
      about: { kind: 'notification', notificationId: record.id },
      buttons: Object.entries(record.options).map(([id, title]) => ({ id, title })),
      ...(template ? { template } : {}),
    })
    deps.log.info({ notificationId: record.id, name: record.name }, 'notification.requested')
  }
}

/** The contact has a newer question: an answer would be meant for that one. */
async function supersede(id: string, by: string, { notifications, log }: RequestDeps): Promise<void> {
  await notifications.update<undefined>(id, (current) => markSuperseded(current, by))
  log.info({ notificationId: id, supersededBy: by }, 'notification.superseded')
}

function markSuperseded(
  current: NotificationRecord | undefined,
  by: string,
): { next?: NotificationRecord; result: undefined } {
  if (!current || current.supersededBy !== undefined) return { result: undefined }
  return { next: { ...current, supersededBy: by }, result: undefined }
}
