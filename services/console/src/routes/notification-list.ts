import { notificationState, stateOfNotification } from '@switchboard/store'
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
const BATCH = 100

/** Those that fit, newest first, and where to go on. A look is bounded: a rare state may need several. */
export async function findNotifications(
  notifications: Pick<Notifications, 'recent' | 'get'>,
  filter: NotificationFilter,
  { limit, now }: { limit: number; now: number },
): Promise<{ found: ListedNotification[]; next: { before: number; offset: number } | undefined }> {
  const before = filter.before ?? now + 1
  const found: ListedNotification[] = []
  let { offset } = filter
  while (offset < filter.offset + LOOKED_AT) {
    const ids = await notifications.recent(before, offset, BATCH)
    const records = await Promise.all(ids.map((id) => notifications.get(id)))
    for (const record of records) {
      if (found.length === limit) return { found, next: { before, offset } }
      offset += 1
      if (record && fits(record, filter, now)) found.push({ ...record, state: stateOfNotification(record, now) })
    }
    if (ids.length < BATCH) return { found, next: undefined }
  }
  return { found, next: { before, offset } }
}

function fits(record: NotificationRecord, { state, name, choice, address }: NotificationFilter, now: number): boolean {
  return (
    (state === '' || stateOfNotification(record, now) === state) &&
    (name === '' || record.name === name) &&
    (choice === '' || record.choice?.option === choice) &&
    (address === '' || record.contact.address.includes(address.replace(/^\+/, '')))
  )
}
