import type { NotificationRecord, Notifications } from '@switchboard/store'

/** Puts a notification there as if it had been asked a while ago. */
export async function keepNotification(
  { records, list }: Pick<Notifications, 'records' | 'list'>,
  record: NotificationRecord,
): Promise<NotificationRecord> {
  await list(record)
  await records.change(record.id, (current) => current ?? record)
  return record
}
