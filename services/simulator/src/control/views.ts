import type { Message } from '../message-store.ts'
import { asObject, asText, type Body } from '../messages/read-body.ts'
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

/** A line of the log without headers and bodies: a busy page gets hundreds a second. */
export function summaryOf(entry: LogEntry) {
  const { id, at, kind, method, url, verdict, isVerified, faults, about, status, state, attempts, nextAttemptAt } =
    entry
  const next = nextAttemptAt === undefined ? {} : { nextAttemptAt }
  const gist = gistOf(entry)
  const tries = attempts.length
  return { id, at, kind, method, url, gist, verdict, isVerified, faults, about, status, state, tries, ...next }
}

const LONGEST_GIST = 60

/** What it was about in a few words: the channel, and the status or the text. */
function gistOf(entry: LogEntry): string {
  const body = bodyOf(entry)
  const isReport = body.template === 'failover' && body.dispatch_uuid !== undefined
  const channel = asText(body.channel) ?? asText(asObject(body.to)?.type) ?? (body.msisdn === undefined ? null : 'sms')
  const text = asText(body.text) ?? asText(asObject(asObject(body.message)?.content)?.text)
  const what = asText(body.status) ?? text ?? asText(body.action) ?? asText(body.message_type) ?? asText(body.reason)
  const parts = [isReport ? 'final report' : channel?.replace(/_service.*/, ''), what?.slice(0, LONGEST_GIST)]
  return parts.filter((part) => part !== undefined).join(' · ')
}

function bodyOf(entry: LogEntry): Body {
  try {
    return asObject(JSON.parse(entry.body)) ?? {}
  } catch {
    const encoded = entry.body === '' ? entry.url.split('?')[1] : entry.body
    return Object.fromEntries(new URLSearchParams(encoded))
  }
}
