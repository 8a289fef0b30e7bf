import { parseKeyword } from '@switchboard/contracts'

import { findTopic } from './find-topic.ts'

/** What is known about a message's contact when it arrives. */
export interface RouteFacts {
  topics: string[]
  isOptedOut: boolean
}

export type Route =
  | { kind: 'opt-out' }
  | { kind: 'opt-in' }
  | { kind: 'help'; isKeyword: boolean }
  | { kind: 'subscribe'; topic: string }
  /** Opted out, and this is not a word that changes it. */
  | { kind: 'silence' }

/** Which workflow an inbound message belongs to: the first rule that fits (design.md section 6). */
export function routeMessage(text: string | null, facts: RouteFacts): Route {
  const keyword = text === null ? undefined : parseKeyword(text)
  if (keyword === 'help') return { kind: 'help', isKeyword: true }
  if (keyword) return { kind: keyword }
  if (facts.isOptedOut) return { kind: 'silence' }
  const topic = text === null ? undefined : findTopic(text, facts.topics)
  if (topic) return { kind: 'subscribe', topic }
  return { kind: 'help', isKeyword: false }
}
