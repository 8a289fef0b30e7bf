import { lookThrough, notificationState, stateOfNotification } from '@switchboard/store'
import type { NotificationRecord, Notifications, NotificationState } from '@switchboard/store'
import { z } from 'zod'

export const notificationFilter = z.object({
  state: notificationState.or(z.literal('')).catch(''),
  name: z.string().max(64).catch(''),
  choice: z.string().max(100).catch(''),
  address: z.string().trim().max(60).catch(''),
  /** Where the list was begun, and how far it was looked at. */
  before: z.coerce.number().int().positive().optional().catch(undefined),
  offset: z.coerce.number().int().min(0).catch(0),
})
export type NotificationFilter = z.infer<typeof notificationFilter>

export interface ListedNotification extends NotificationRecord {
  state: NotificationState
}

/** How many records one look goes through at most. */
const LOOKED_AT = 200

/** Those that fit, newest first, and where to go on. A look is bounded: a rare state may need several. */
export async function findNotifications(
  notifications: Pick<Notifications, 'recent' | 'get'>,
  filter: NotificationFilter,
  { limit, now }: { limit: number; now: number },
): Promise<{ found: ListedNotification[]; next: { before: number; offset: number } | undefined }> {
  const before = filter.before ?? now + 1
  const { found, next } = await lookThrough(
    (offset, count) => notifications.recent(before, offset, count),
    async (id) => {
      const record = await notifications.get(id)
      return record && fits(record, filter, now) ? { ...record, state: stateOfNotification(record, now) } : undefined
    },
    { from: filter.offset, limit, atMost: LOOKED_AT },
  )
  return { found, next: next === undefined ? undefined : { before, offset: next } }
}

function fits(record: NotificationRecord, { state, name, choice, address }: NotificationFilter, now: number): boolean {
  return (
    (state === '' || stateOfNotification(record, now) === state) &&
    (name === '' || record.name === name) &&
    (choice === '' || record.choice?.option === choice) &&
    (address === '' || record.contact.address.includes(address.replace(/^\+/, '')))
  )
}
