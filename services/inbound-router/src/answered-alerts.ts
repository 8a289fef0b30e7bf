import type { InboundMessage, Said } from '@switchboard/contracts'

/** What was heard: its words, and what it is if it has none. */
export type Heard = Said & Partial<Pick<InboundMessage, 'kind'>>

export interface AnswerableAlert {
  id: string
  code: string
}

export interface AlertFacts {
  /** Alerts under way that have reached this contact. */
  openAlerts: AnswerableAlert[]
  /** One that ended a short while ago because somebody has it, or it is over: who answers it is told so. */
  endedAlert: AnswerableAlert | undefined
  /** One that nobody has seen although its list is exhausted. */
  lateAlert: AnswerableAlert | undefined
  /** Those of the message that it quotes or reacts to, whether they have ended or not. */
  quotedAlerts: AnswerableAlert[]
}

/**
 * The alerts that a message answers, whatever else it says: those whose codes it names, or else all that it quotes, or
 * all that are open. A reaction answers only what it reacts to.
 */
export function answeredAlerts(
  heard: Heard,
  { openAlerts, lateAlert, endedAlert, quotedAlerts }: AlertFacts,
): string[] {
  if (heard.kind === 'unreaction') return []
  const isNamed = namedIn(heard)
  if (quotedAlerts.length > 0) return namedOr(quotedAlerts, quotedAlerts, isNamed)
  if (isReaction(heard)) return []
  const known = [...openAlerts, ...(lateAlert ? [lateAlert] : []), ...(endedAlert ? [endedAlert] : [])]
  return namedOr(openAlerts, known, isNamed)
}

function namedOr(
  all: AnswerableAlert[],
  known: AnswerableAlert[],
  isNamed: (alert: AnswerableAlert) => boolean,
): string[] {
  const named = known.filter(isNamed)
  return (named.length > 0 ? named : all).map(({ id }) => id)
}

/** An emoji on one of our messages, or its removal. */
export function isReaction({ kind }: Heard): boolean {
  return kind === 'reaction' || kind === 'unreaction'
}

/** A button of ours stands for a code. */
function namedIn({ text, caption, payload }: Heard): (alert: AnswerableAlert) => boolean {
  const said = [text, caption, payload].join(' ').normalize('NFKC').toUpperCase()
  const words = new Set(said.match(/[A-Z0-9]+/g))
  return ({ code }) => words.has(code)
}
