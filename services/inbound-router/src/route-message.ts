import { keywordOf, optionChosen, parseConfirmation, wishesToOptOut } from '@switchboard/contracts'

import { answeredAlerts, isReaction } from './answered-alerts.ts'
import type { AlertFacts, Heard } from './answered-alerts.ts'
import { findTopic } from './find-topic.ts'
import type { OpenQuestion } from './open-question.ts'

/** What is known about a message's contact when it arrives. */
export interface RouteFacts extends AlertFacts {
  topics: string[]
  isOptedOut: boolean
  /** The newest workflow of a caller of our Dispatch endpoint that reached this contact, and where replies go. */
  callerWorkflow: { inboundUrl?: string | undefined } | undefined
  question: OpenQuestion | undefined
  /** A sign-up on the web page that waits for a yes. */
  signupId: string | undefined
}

export type Route =
  | { kind: 'opt-out' }
  | { kind: 'opt-in' }
  | { kind: 'help'; isKeyword: boolean }
  | { kind: 'attention'; alertIds: string[] }
  | { kind: 'notification-reply'; notificationId: string; isOneOfSeveral?: true }
  | { kind: 'signup-answer'; signupId: string; answer: 'confirm' | 'decline' }
  /** Sounds like an opt-out, but is none of its words. */
  | { kind: 'opt-out-wish' }
  | { kind: 'subscribe'; topic: string }
  /** The answer to what a caller of our Dispatch endpoint sent: theirs to deal with. */
  | { kind: 'caller-reply'; url: string | undefined }
  /** Nothing to do: they opted out, or it needs no answer. */
  | { kind: 'silence' }

/** Which workflow an inbound message belongs to: the first rule that fits. */
export function routeMessage(heard: Heard, facts: RouteFacts): Route {
  const { question, isOptedOut } = facts
  const keyword = keywordOf(heard)
  if (keyword === 'help') return helpOrAlert(heard, facts)
  if (keyword) return { kind: keyword }
  // Before anything that it might mean as well: a button counts as what it was sent for.
  if (question?.isQuoted && isChoice(heard, question)) return replyTo(question)
  // Before consent: who was reached by an alert may answer it.
  const alertIds = answeredAlerts(heard, facts)
  if (alertIds.length > 0) return { kind: 'attention', alertIds }
  if (isReaction(heard)) return { kind: 'silence' }
  // Before consent as well: the choice counts, though its confirmation will not be sent.
  if (question && isChoice(heard, question)) return replyTo(question)
  if (isOptedOut) return { kind: 'silence' }
  if (wishesToOptOut(heard)) return { kind: 'opt-out-wish' }
  return routeWords(heard, facts)
}

/** What is left for a message that is no keyword, no answer to an alert and no option of a question. */
function routeWords(heard: Heard, facts: RouteFacts): Route {
  const { signupId, question, topics } = facts
  const text = heard.text ?? heard.caption
  if (text === undefined) return answerOrHelp(heard, facts)
  const confirmation = signupId === undefined ? undefined : parseConfirmation(text)
  if (signupId !== undefined && confirmation) {
    return { kind: 'signup-answer', signupId, answer: confirmation === 'yes' ? 'confirm' : 'decline' }
  }
  const topic = findTopic(text, topics)
  if (topic) return { kind: 'subscribe', topic }
  if (question?.isOpen && !question.isAnswered) return replyTo(question)
  return answerOrHelp(heard, facts)
}

/** Whoever asks for help while alerts are open wants to know what to do about them. */
function helpOrAlert(heard: Heard, facts: RouteFacts): Route {
  const alertIds = answeredAlerts(heard, facts)
  return alertIds.length > 0 ? { kind: 'attention', alertIds } : { kind: 'help', isKeyword: true }
}

/** A message that means nothing else answers what reached this contact last: an alert nobody has seen, a caller's. */
function answerOrHelp({ kind }: Heard, { lateAlert, endedAlert, callerWorkflow }: RouteFacts): Route {
  if (lateAlert) return { kind: 'attention', alertIds: [lateAlert.id] }
  if (callerWorkflow) return { kind: 'caller-reply', url: callerWorkflow.inboundUrl }
  if (endedAlert) return { kind: 'attention', alertIds: [endedAlert.id] }
  // Nobody knows what it is: neither does whoever sent it expect an answer.
  return kind === 'unsupported' ? { kind: 'silence' } : { kind: 'help', isKeyword: false }
}

function isChoice(heard: Heard, question: OpenQuestion): boolean {
  if (optionChosen(heard, question.options) === undefined) return false
  return question.isOpen || !question.wasToldTooLate
}

function replyTo({ notificationId, isOneOfSeveral }: OpenQuestion): Route {
  return { kind: 'notification-reply', notificationId, ...(isOneOfSeveral ? { isOneOfSeveral } : {}) }
}
