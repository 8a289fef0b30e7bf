import { cut } from '@switchboard/contracts'
import type { AlertAttention, AlertPlan, AnswerWords } from '@switchboard/contracts'

import type { Act, ActBy } from './acts.ts'
import { readAnswer } from './read-answer.ts'
import type { AlertEvent } from './walk.ts'

/** What somebody says is kept in the timeline, so much of it. */
const LONGEST_WORDS = 500

/** Evidence in the walk's words: what people did, whichever way they did it, is an act. */
export function readEvidence(
  { evidenceId: id, evidence }: Pick<AlertAttention, 'evidenceId' | 'evidence'>,
  { code }: { code: string },
  plan: AlertPlan,
  vocabulary: AnswerWords,
): AlertEvent {
  const act = (what: Act['act'], by: ActBy): Act => ({ kind: 'act', id, act: what, by })
  switch (evidence.kind) {
    case 'outcome':
    case 'cancel':
      return evidence
    case 'reply': {
      const { contact, type } = evidence
      const said = readAnswer(evidence, { code, acknowledge: plan.acknowledge }, vocabulary)
      const words = evidence.words ?? (type === undefined ? undefined : `(${type})`)
      return {
        ...act(said, { how: 'reply', contact }),
        ...(words === undefined ? {} : { words: cut(words, LONGEST_WORDS, '…') }),
      }
    }
    case 'link':
      return act({ kind: 'mine' }, { how: 'link', user: evidence.user })
    case 'api':
      return act({ kind: 'mine' }, { how: 'api', ...whoIs(evidence.by, plan) })
    case 'pass':
      return act({ kind: 'pass' }, { how: 'call', user: evidence.step.user, step: withoutAlert(evidence.step) })
    case 'act': {
      const { how, user, name } = evidence.by
      return act(evidence.act, user === undefined ? { how, ...whoIs(name, plan) } : { how, user })
    }
  }
}

function whoIs(name: string | undefined, { users }: AlertPlan): Pick<ActBy, 'user' | 'name'> {
  if (name === undefined) return {}
  const user = users.findIndex((each) => each.name.toLowerCase() === name.trim().toLowerCase())
  return user < 0 ? { name } : { user }
}

function withoutAlert({
  alertId: _alertId,
  ...step
}: {
  alertId: string
  round: number
  user: number
  channel: number
}) {
  return step
}
