import { needsWindow } from '@switchboard/contracts'
import type { MessageTemplate, OutboundMessage } from '@switchboard/contracts'

import { endOfMessage } from './end-of-message.ts'

/** What is known about a message and its contact at the moment of sending. */
export interface SendFacts {
  now: number
  isOptedOut: boolean
  /** Feeds only: whether the contact still wants this topic, and the tick of the topic's newest update. */
  isSubscribed: boolean
  newestTick: number | undefined
  /** Alerts only: whether it is still walking. */
  isAlertOpen: boolean
  /** Somebody wants it to be sent although it is late. */
  isAskedFor?: boolean
  hasSender: boolean
  /** As far as we know: whether the person wrote to us on this channel within 24 hours. */
  isWindowOpen: boolean
  template: MessageTemplate | undefined
}

export type SendDecision =
  | { kind: 'send'; template?: MessageTemplate }
  /** `stale`: there is a newer update; `expired`: its time is over. */
  | { kind: 'drop'; reason: 'stale' | 'expired' }
  | { kind: 'suppress'; reason: SuppressReason }
export type SuppressReason =
  | 'opted-out'
  | 'not-subscribed'
  | 'alert-over'
  | 'no-sender'
  | 'outside-window'
  | 'reply-limit'
  | 'over-budget'
  | 'subscriber-limit'

/** Whether a message may go out now, and as what. Consent counts at this moment, not when the job was made. */
export function maySend(message: OutboundMessage, facts: SendFacts): SendDecision {
  const { about } = message
  if (about?.kind === 'alert' && !facts.isAlertOpen) return { kind: 'suppress', reason: 'alert-over' }
  if (facts.isOptedOut && !message.ignoresConsent) return { kind: 'suppress', reason: 'opted-out' }
  if (about?.kind === 'feed' && !facts.isSubscribed) return { kind: 'suppress', reason: 'not-subscribed' }
  const late = lateness(message, facts)
  if (late) return { kind: 'drop', reason: late }
  if (!facts.hasSender) return { kind: 'suppress', reason: 'no-sender' }
  if (needsWindow(message) && !facts.isWindowOpen) {
    if (facts.template) return { kind: 'send', template: facts.template }
    if (!isWorthARefusal(message)) return { kind: 'suppress', reason: 'outside-window' }
  }
  return { kind: 'send' }
}

/**
 * We know only of windows that we have seen open: the person may have written to this sender before we ran. An alert,
 * also one of a Dispatch caller, is tried all the same. The provider's refusal (1340) moves its walk on at once.
 */
function isWorthARefusal({ about }: OutboundMessage): boolean {
  return about?.kind === 'alert' || about?.kind === 'alert-closing' || about?.kind === 'bundle'
}

function lateness(message: OutboundMessage, facts: SendFacts): 'stale' | 'expired' | undefined {
  const { about } = message
  const isOver = facts.now >= (endOfMessage(message) ?? Infinity)
  if (about?.kind === 'feed') return isOver || (facts.newestTick ?? about.tick) > about.tick ? 'stale' : undefined
  return isOver && !facts.isAskedFor ? 'expired' : undefined
}
