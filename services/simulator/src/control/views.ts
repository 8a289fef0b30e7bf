import type { Message } from '../message-store.ts'
import type { LogEntry } from '../request-log.ts'

/** A message as the control API and the page see it. */
export function viewOf(message: Message) {
  const { id, direction, channel, address, sender, content, status, at, history, sending } = message
  const error = history.findLast((change) => change.error)?.error
  return {
    id,
    message_uuid: id,
    direction,
    channel,
    address,
    sender,
    status,
    at,
    ...content,
    history,
    ...(error ? { error } : {}),
    ...(sending ? { api: sending.api, parts: sending.partIds.length } : {}),
    ...(sending?.clientRef === undefined ? {} : { client_ref: sending.clientRef }),
    ...(sending?.workflow ? { workflow: sending.workflow } : {}),
    ...(sending?.dispatchUuid === undefined ? {} : { dispatch_uuid: sending.dispatchUuid }),
  }
}

export type MessageView = ReturnType<typeof viewOf>

/** A line of the log without headers and bodies: a busy page gets hundreds a second. */
export function summaryOf(entry: LogEntry) {
  const { id, at, kind, method, url, verdict, isVerified, faults, about, status, state, attempts, nextAttemptAt } =
    entry
  const took = attempts.at(-1)?.tookMs ?? null
  const next = nextAttemptAt === undefined ? {} : { nextAttemptAt }
  return {
    id,
    at,
    kind,
    method,
    url,
    verdict,
    isVerified,
    faults,
    about,
    status,
    state,
    took,
    tries: attempts.length,
    ...next,
  }
}
