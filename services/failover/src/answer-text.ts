import { askedOf, cut, fillText, personAfter } from '@switchboard/contracts'
import type { ActAnswer, Alert, AlertPlan, Asked, Texts } from '@switchboard/contracts'

type AnswerTexts = Pick<
  Texts,
  | 'alertClosing'
  | 'alertOver'
  | 'answerTaken'
  | 'answerPassed'
  | 'answerNobodyLeft'
  | 'answerNoted'
  | 'answerHandedOver'
  | 'answerUnknownName'
  | 'answerSnoozed'
  | 'answerResolved'
  | 'answerWho'
  | 'answerHow'
>

/** What whoever did something with an alert is told. Undefined: nothing. */
export function answerText(
  answer: ActAnswer,
  { alert, plan, now }: { alert: Alert; plan: AlertPlan; now: number },
  texts: AnswerTexts,
): string | undefined {
  const wording = wordingOf(answer, texts)
  return wording === undefined ? undefined : fillText(wording, factsOf(answer, { alert, plan, now }))
}

function wordingOf(answer: ActAnswer, texts: AnswerTexts): string | undefined {
  switch (answer) {
    case 'taken':
      return texts.answerTaken
    case 'has-it':
      return texts.alertClosing
    case 'over':
      return texts.alertOver
    case 'passed':
      return texts.answerPassed
    case 'nobody-left':
      return texts.answerNobodyLeft
    case 'noted':
      return texts.answerNoted
    case 'handed-over':
      return texts.answerHandedOver
    case 'unknown-name':
      return texts.answerUnknownName
    case 'snoozed':
      return texts.answerSnoozed
    case 'resolved':
      return texts.answerResolved
    case 'who':
      return texts.answerWho
    case 'how':
      return texts.answerHow
    case 'none':
      return undefined
  }
}

/** The alert's own words are cut first: these are answers, whoever reads them has the alert. */
const LONGEST_TEXT = 200
const LONGEST_SAID = 60

function factsOf(
  answer: ActAnswer,
  { alert, plan, now }: { alert: Alert; plan: AlertPlan; now: number },
): Record<string, string> {
  const { text, code, attendedBy, state, dueAt, snooze } = alert
  // Who has it was asked as well: what others said is what they do not know.
  const others = askedOf(alert, plan).filter(({ name }) => answer !== 'taken' || name !== attendedBy?.user)
  return {
    text: cut(text, LONGEST_TEXT),
    code,
    who: state === 'attended' ? (attendedBy?.user ?? 'Somebody') : 'Nobody',
    asked: others.map(describeAsked).join(', ') || 'nobody',
    next: nextOf(alert, plan, now),
    notes: notesOf(alert),
    names: plan.users.map(({ name }) => name).join(', '),
    minutes: snooze ? String(Math.max(1, Math.round((dueAt - now) / 60_000))) : '0',
  }
}

const NOTES = 3

function notesOf({ timeline }: Alert): string {
  const notes = timeline.filter(({ event }) => event === 'note').slice(-NOTES)
  return notes.map(({ by, reason = '' }) => `\n${by === undefined ? '' : `${by}: `}${reason}`).join('')
}

function describeAsked({ name, said }: Asked): string {
  if (said === undefined) return name
  return `${name} ("${cut(said, LONGEST_SAID)}")`
}

/** Whom the walk asks now, and whom it asks next and when. */
function nextOf(alert: Alert, plan: AlertPlan, now: number): string {
  const { state, step, snooze, dueAt } = alert
  if (state !== 'walking') return 'nobody'
  const current = plan.users[step.user]?.name ?? ''
  if (snooze) return `${current} in ${minutes(dueAt - now)}`
  if (alert.isWaiting) return 'whoever can be reached first'
  const next = personAfter(alert, plan)
  return next ? `${current} now, ${next.name} in ${minutes(next.at - now)}` : `${current} now, the last on the list`
}

function minutes(ms: number): string {
  return ms < 60_000 ? `${Math.max(0, Math.round(ms / 1_000))} s` : `${Math.round(ms / 60_000)} min`
}
