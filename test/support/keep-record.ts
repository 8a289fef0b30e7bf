import type { NotificationRecord, Notifications, Signup, Signups } from '@switchboard/store'

/** Puts a notification there as if it had been asked a while ago. */
export async function keepNotification(
  { records, list }: Pick<Notifications, 'records' | 'list'>,
  record: NotificationRecord,
): Promise<NotificationRecord> {
  await list(record)
  await records.change(record.id, (current) => current ?? record)
  return record
}

/** The same for a sign-up. */
export async function keepSignup({ records, list }: Pick<Signups, 'records' | 'list'>, signup: Signup): Promise<void> {
  await records.change(signup.id, (current) => current ?? signup)
  await list(signup)
}
