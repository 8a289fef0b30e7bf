import { isBefore, optionChosen } from '@switchboard/contracts'
import type { NotificationReply } from '@switchboard/contracts'
import type { NotificationRecord, ReplyOutcome } from '@switchboard/store'

/** How often an invalid answer is asked again before a person takes over. */
const MAX_RE_ASKS = 3
/** Of a talkative contact; the oldest go. */
const MAX_REPLIES_KEPT = 100

/** What a reply does to a notification. The same reply again does nothing. */
export function decideReply(record: NotificationRecord, reply: NotificationReply): NotificationRecord {
  if (record.replies.some(({ id }) => id === reply.id)) return record
  const option = optionChosen(reply, record.options)
  const outcome = outcomeOf(record, reply, option)
  const { id, text, sentAt, receivedAt } = reply
  const kept = {
    id,
    text: text?.slice(0, 500) ?? null,
    outcome,
    sentAt,
    receivedAt,
    ...(option ? { option } : {}),
    ...(reply.isOneOfSeveral ? { isOneOfSeveral: true as const } : {}),
  }
  const next: NotificationRecord = { ...record, replies: [...record.replies, kept].slice(-MAX_REPLIES_KEPT) }
  if (outcome === 'choice' && option !== undefined) {
    next.choice = { option, label: record.options[option] ?? option, replyId: id, sentAt, receivedAt }
    next.needsPerson = false
  }
  if (outcome === 'handed-over') next.needsPerson = true
  return next
}

function outcomeOf(record: NotificationRecord, reply: NotificationReply, option: string | undefined): ReplyOutcome {
  // Of the two clocks the one that favours the contact: a reply may have waited a day at the provider.
  if (Math.min(reply.sentAt, reply.receivedAt) >= record.expiresAt) {
    const wasTold = record.replies.some(({ outcome }) => outcome === 'too-late')
    return option !== undefined && !wasTold ? 'too-late' : 'noted'
  }
  if (option !== undefined) return record.choice && isBefore(reply, record.choice) ? 'stale' : 'choice'
  if (record.choice || record.needsPerson) return 'noted'
  const reAsked = record.replies.filter(({ outcome }) => outcome === 'invalid').length
  return reAsked < MAX_RE_ASKS ? 'invalid' : 'handed-over'
}
