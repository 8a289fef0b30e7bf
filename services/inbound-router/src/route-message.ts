import { keywordOf, optionChosen, parseConfirmation, soundsLikeOptOut } from '@switchboard/contracts'
import type { Said } from '@switchboard/contracts'

import { findTopic } from './find-topic.ts'
import type { OpenQuestion } from './open-question.ts'

/** What is known about a message's contact when it arrives. */
export interface RouteFacts {
  topics: string[]
  isOptedOut: boolean
  /** Alerts under way that have reached this contact. */
  openAlerts: { id: string; code: string }[]
  /** One that nobody has seen although its list is exhausted. */
  lateAlert: { id: string; code: string } | undefined
  question: OpenQuestion | undefined
  /** A sign-up on the web page that waits for a yes. */
  signupId: string | undefined
}

export type Route =
  | { kind: 'opt-out' }
  | { kind: 'opt-in' }
  | { kind: 'help'; isKeyword: boolean }
  | { kind: 'attention'; alertIds: string[] }
  | { kind: 'notification-reply'; notificationId: string }
  | { kind: 'signup-answer'; signupId: string; answer: 'confirm' | 'decline' }
  /** Sounds like an opt-out, but is none of its words. */
  | { kind: 'opt-out-wish' }
  | { kind: 'subscribe'; topic: string }
  /** Opted out, and this is not a word that changes it. */
  | { kind: 'silence' }

/** Which workflow an inbound message belongs to: the first rule that fits. */
export function routeMessage(said: Said, facts: RouteFacts): Route {
  const text = said.text ?? said.caption ?? null
  const keyword = keywordOf(said)
  if (keyword === 'help') return { kind: 'help', isKeyword: true }
  if (keyword) return { kind: keyword }
  // Before consent: who was reached by an alert may answer it.
  if (facts.openAlerts.length > 0) return { kind: 'attention', alertIds: answeredAlerts(text ?? '', facts.openAlerts) }
  if (facts.lateAlert && namedAlerts(text ?? '', [facts.lateAlert]).length > 0) {
    return { kind: 'attention', alertIds: [facts.lateAlert.id] }
  }
  // Before consent as well: the choice counts, though its confirmation will not be sent.
  if (isChoice(said, facts.question)) return replyTo(facts.question)
  if (facts.isOptedOut) return { kind: 'silence' }
  if (text === null) return lateOrHelp(facts)
  return routeText(text, facts)
}

/** What is left for a text that is no keyword, no answer to an alert and no option of a question. */
function routeText(text: string, facts: RouteFacts): Route {
  const { signupId, question, topics } = facts
  const confirmation = signupId === undefined ? undefined : parseConfirmation(text)
  if (signupId !== undefined && confirmation) {
    return { kind: 'signup-answer', signupId, answer: confirmation === 'yes' ? 'confirm' : 'decline' }
  }
  // Before topics: "stop sending me MSFT" wants no MSFT.
  if (soundsLikeOptOut(text)) return { kind: 'opt-out-wish' }
  const topic = findTopic(text, topics)
  if (topic) return { kind: 'subscribe', topic }
  if (question?.isOpen && !question.isAnswered) return replyTo(question)
  return lateOrHelp(facts)
}

/** A message that means nothing else answers the alert that nobody has seen. */
function lateOrHelp({ lateAlert }: RouteFacts): Route {
  return lateAlert ? { kind: 'attention', alertIds: [lateAlert.id] } : { kind: 'help', isKeyword: false }
}

function isChoice(said: Said, question: OpenQuestion | undefined): question is OpenQuestion {
  if (!question || optionChosen(said, question.options) === undefined) return false
  return question.isOpen || !question.wasToldTooLate
}

function replyTo({ notificationId }: OpenQuestion): Route {
  return { kind: 'notification-reply', notificationId }
}

/** Any reply is attention: for the alerts whose codes it names, else for all. */
function answeredAlerts(text: string, openAlerts: RouteFacts['openAlerts']): string[] {
  const named = namedAlerts(text, openAlerts)
  return (named.length > 0 ? named : openAlerts).map(({ id }) => id)
}

function namedAlerts(text: string, alerts: RouteFacts['openAlerts']): RouteFacts['openAlerts'] {
  const words = new Set(
    text
      .normalize('NFKC')
      .toUpperCase()
      .match(/[A-Z0-9]+/g),
  )
  return alerts.filter(({ code }) => words.has(code))
}
