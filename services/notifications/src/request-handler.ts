import { own, PermanentError } from '@switchboard/contracts'
import type { Log, NotificationRequest, SwitchboardConfig } from '@switchboard/contracts'
import type { Notifications } from '@switchboard/store'

import { expiryOf, notificationOf } from './notification-of.ts'
import type { NotificationWorkflow } from './notification-workflow.ts'

export interface RequestDeps {
  notifications: Pick<Notifications, 'ask'>
  workflow: Pick<NotificationWorkflow, 'move'>
  settings: Pick<SwitchboardConfig, 'notifications'>
  log: Log
}

/** Handles a requested notification: its place as the contact's open question, then its record. */
export function createRequestHandler({ notifications, workflow, settings, log }: RequestDeps) {
  return async (request: NotificationRequest): Promise<void> => {
    const { id, name } = request
    const known = own(settings.notifications, name)
    if (!known) throw new PermanentError(`There is no notification "${name}" in the configuration`)
    const place = await notifications.ask({ ...request, expiresAt: expiryOf(request, known) })
    const asked = notificationOf(request, known, place)
    const { after } = await workflow.move(id, (current) => current ?? asked, undefined)
    log.info({ notificationId: id, name, supersededBy: after?.supersededBy }, 'notification.requested')
  }
}
