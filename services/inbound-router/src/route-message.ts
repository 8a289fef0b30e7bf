import { parseKeyword } from '@switchboard/contracts'

import { findTopic } from './find-topic.ts'

/** What is known about a message's contact when it arrives. */
export interface RouteFacts {
  topics: string[]
  isOptedOut: boolean
  /** Alerts under way that have reached this contact. */
  openAlerts: { id: string; code: string }[]
}

export type Route =
  | { kind: 'opt-out' }
  | { kind: 'opt-in' }
  | { kind: 'help'; isKeyword: boolean }
  | { kind: 'attention'; alertIds: string[] }
  | { kind: 'subscribe'; topic: string }
  /** Opted out, and this is not a word that changes it. */
  | { kind: 'silence' }

/** Which workflow an inbound message belongs to: the first rule that fits (design.md section 6). */
export function routeMessage(text: string | null, facts: RouteFacts): Route {
  const keyword = text === null ? undefined : parseKeyword(text)
  if (keyword === 'help') return { kind: 'help', isKeyword: true }
  if (keyword) return { kind: keyword }
  // Before consent: who was reached by an alert may answer it.
  if (facts.openAlerts.length > 0) return { kind: 'attention', alertIds: answeredAlerts(text ?? '', facts.openAlerts) }
  if (facts.isOptedOut) return { kind: 'silence' }
  const topic = text === null ? undefined : findTopic(text, facts.topics)
  if (topic) return { kind: 'subscribe', topic }
  return { kind: 'help', isKeyword: false }
}

/** Any reply is attention: for the alerts whose codes it names, else for all. */
function answeredAlerts(text: string, openAlerts: RouteFacts['openAlerts']): string[] {
  const words = new Set(
    text
      .normalize('NFKC')
      .toUpperCase()
      .match(/[A-Z0-9]+/g),
  )
  const named = openAlerts.filter(({ code }) => words.has(code))
  return (named.length > 0 ? named : openAlerts).map(({ id }) => id)
}
