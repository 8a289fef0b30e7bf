import { lookThrough } from './look-through.ts'
import { stateOfNotification } from './notification-record.ts'
import type { NotificationRecord, NotificationState } from './notification-record.ts'
import type { Notifications } from './notifications.ts'

export interface NotificationFilter {
  name?: string | undefined
  state?: NotificationState | undefined
  option?: string | undefined
  needsPerson?: boolean | undefined
  address?: string | undefined
}

/** Where a list began (milliseconds) and how far it has been looked through. */
export interface ListPosition {
  before: number
  offset: number
}

/** How many records one call looks through at most: a rare answer may need several calls. */
const LOOKED_AT = 500

/** Notifications that fit, newest first, and where to go on; `next` undefined at the end. */
export async function findNotifications(
  notifications: Pick<Notifications, 'recent' | 'get'>,
  filter: NotificationFilter,
  { from, limit, now }: { from: ListPosition; limit: number; now: number },
): Promise<{ found: NotificationRecord[]; next: ListPosition | undefined }> {
  const { found, next } = await lookThrough(
    (offset, count) => notifications.recent(from.before, offset, count),
    async (id) => {
      const record = await notifications.get(id)
      return record && fits(record, filter, now) ? record : undefined
    },
    { from: from.offset, limit, atMost: LOOKED_AT },
  )
  return { found, next: next === undefined ? undefined : { before: from.before, offset: next } }
}

function fits(record: NotificationRecord, filter: NotificationFilter, now: number): boolean {
  const { name, state, option, needsPerson, address } = filter
  return (
    (name === undefined || record.name === name) &&
    (state === undefined || stateOfNotification(record, now) === state) &&
    (option === undefined || record.choice?.option === option) &&
    (needsPerson === undefined || record.needsPerson === needsPerson) &&
    (address === undefined || record.contact.address === address)
  )
}
