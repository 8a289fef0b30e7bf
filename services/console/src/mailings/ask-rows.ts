import { derivedId } from '@switchboard/contracts'
import type { Enqueue, NotificationRequest, SwitchboardConfig } from '@switchboard/contracts'
import { repeat, unlessAway } from '@switchboard/runtime'
import type { ServiceContext } from '@switchboard/runtime'
import type { Mailing, Mailings, MailingUpload, Notifications } from '@switchboard/store'

import { checkRows } from './check-rows.ts'
import type { CheckedRow } from './check-rows.ts'
import { readFile } from './read-file.ts'

export interface AskDeps {
  stores: { mailings: Pick<Mailings, 'asked' | 'broken' | 'uploadOf'>; notifications: Pick<Notifications, 'get'> }
  notificationRequests: Enqueue<NotificationRequest>
  settings: SwitchboardConfig
}

const AT_ONCE = 100
const PAUSE_MS = 10_000

export function rowsOf(upload: MailingUpload, settings: SwitchboardConfig): CheckedRow[] {
  const read = readFile(upload.csv)
  return read.kind === 'rows' ? checkRows(read.rows, upload, settings) : []
}

export function notificationIdOf(mailingId: string, line: number): string {
  return derivedId('note', mailingId, line)
}

/** Asks for every notification of a mailing. Their ids follow from file and line: however often it is asked, each is one. */
export async function askRows(mailing: Mailing, upload: MailingUpload, deps: AskDeps): Promise<void> {
  const checked = new Map(rowsOf(upload, deps.settings).map((row) => [row.line, row]))
  for (let at = 0; at < mailing.rows.length; at += AT_ONCE) {
    const some = mailing.rows.slice(at, at + AT_ONCE)
    await Promise.all(some.map(({ line, notificationId }) => ask(notificationId, checked.get(line), mailing, deps)))
  }
  await deps.stores.mailings.asked(mailing.id)
}

/** Without a message: the configuration is another one since. */
async function ask(
  id: string,
  row: CheckedRow | undefined,
  { sentAt }: Mailing,
  { stores, notificationRequests }: AskDeps,
): Promise<void> {
  if (!row?.message || (await stores.notifications.get(id))) return
  const { contact, variables, warnings } = row.message
  await notificationRequests.enqueue({ id, name: row.name, contact, variables, warnings, createdAt: sentAt })
}

/** Goes on with what was broken off, whatever died in the middle. Without its file, which goes after an hour, nothing can be done. */
export async function finishMailings(deps: AskDeps): Promise<void> {
  const { mailings } = deps.stores
  for (const mailing of await mailings.broken()) {
    const upload = await mailings.uploadOf(mailing.id)
    if (upload) await askRows(mailing, upload, deps)
  }
}

interface KeepDeps extends AskDeps, Pick<ServiceContext<unknown>, 'log' | 'stopping' | 'stack'> {
  /** Nothing is written into another application's Redis. */
  isOurs: Promise<void>
}

export async function keepMailings({ isOurs, log, stopping, stack, ...deps }: KeepDeps): Promise<void> {
  await isOurs
  if (stopping.signal.aborted) return
  const finish = unlessAway(() => finishMailings(deps))
  stack.use(repeat('mailings', PAUSE_MS, finish, log))
}
