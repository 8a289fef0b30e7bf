import { alertAct, alertChannel, answerWordsOf, contact, messageState, stepMessageId } from '@switchboard/contracts'
import type {
  Alert,
  AlertAct,
  AlertAttention,
  AlertPlan,
  AlertRequest,
  MessageState,
  PlanChannel,
} from '@switchboard/contracts'

import type { Retry } from '../passed-over.ts'
import { readEvidence } from '../read-evidence.ts'
import { channelAt, nextStep, userAt } from '../steps.ts'
import type { Step } from '../steps.ts'
import { beginAlert, walk } from '../walk.ts'
import type { AlertEvent } from '../walk.ts'

export const START = 1_790_000_000_000

/**
 * A plan as people say it: `Tony: messenger, sms/delivered@300`. A channel waits 600 s for `read` unless it says
 * otherwise; the last one waits 600 s, or `; waits 120`.
 */
export function planFrom(lines: string[], settings: Partial<AlertPlan> = {}): AlertPlan {
  return {
    policy: 'oncall',
    users: lines.map(readUser),
    repeat: 0,
    announce: false,
    engine: 'local',
    ...settings,
  }
}

function readUser(line: string, index: number): AlertPlan['users'][number] {
  const [, name = '', channels = '', wait = '600'] = /^(\w+): (.+?)(?:; waits (\d+))?$/.exec(line) ?? []
  return {
    name,
    channels: channels.split(', ').map((each) => readChannel(each, index)),
    finalWaitSeconds: Number(wait),
  }
}

function readChannel(word: string, user: number): PlanChannel {
  const [, name, condition = 'read', seconds = '600'] = /^(\w+)(?:\/(\w+))?(?:@(\d+))?$/.exec(word) ?? []
  return {
    channel: alertChannel.parse(name),
    to: addressOf(user),
    expirySeconds: Number(seconds),
    condition: condition === 'delivered' ? 'delivered' : 'read',
  }
}

/** One number per user, on every channel. */
export function addressOf(user: number): string {
  return `44770090001${user}`
}

export function requestFor(plan: AlertPlan, fields: Partial<AlertRequest> = {}): AlertRequest {
  return { id: 'alert-AAAAAAAAAAAAAAAA', text: 'The database is down', plan, createdAt: START, ...fields }
}

export function begin(plan: AlertPlan, fields: Partial<AlertRequest> = {}): Alert {
  return beginAlert(requestFor(plan, fields), { code: 'A17', planId: 'plan', now: START })
}

/** An alert, the clock, and what the ledger has been told of each message. */
export interface Scene {
  alert: Alert
  now: number
}

/** Lets a story happen to an alert, sentence by sentence: see `happen`. */
export function tell(plan: AlertPlan, sentences: string[], fields: Partial<AlertRequest> = {}): Scene {
  return sentences.reduce((scene, sentence) => happen(scene, plan, sentence), {
    alert: begin(plan, fields),
    now: START,
  })
}

/**
 * - `read`, `rejected: blocked`, …: an outcome of the message of the current step
 * - `read of Tony/messenger`, `… of Tony/sms in round 2`: of another step; `rejected of the first`: of a message that
 *   was sent again
 * - `deadline`: the current step's time is up, its message was accepted; `deadline, ledger says read` or `nothing`; `deadline too early`; `deadline of Tony/sms`
 * - `deadline, senders open` or `sent after all`: of a blocked alert that looks again
 * - `resend`, `resend, ledger says delivered`: the grace time of an unknown outcome is over
 * - `pass`, `pass of Tony/voice`: key 2 in a call
 * - `page of Tony: pass`, `console: hand over to Ann`, `console: snooze 30`, `… note …`, `… resolve`, `… mine`: acts; with `[id]` they
 *   are the same act when they come again
 * - `reply from sms 447…`, `… says: no, on a plane`, `link of Tony`, `api by Ann`, `api`, `cancel`, `wait 30`
 */
function happen({ alert, now }: Scene, plan: AlertPlan, sentence: string): Scene {
  const [, waited] = /^wait (\d+)$/.exec(sentence) ?? []
  if (waited !== undefined) return { alert, now: now + Number(waited) * 1_000 }
  const event = readEvent(sentence, alert, plan)
  const at = timeOf(sentence, alert, now)
  return { alert: walk(alert, plan, event, at), now: at }
}

function timeOf(sentence: string, alert: Alert, now: number): number {
  if (sentence.startsWith('deadline') && !/too early| of /.test(sentence)) return Math.max(now, alert.dueAt)
  if (sentence.startsWith('resend') && !sentence.includes('too early')) return Math.max(now, alert.resendAt ?? now)
  return now
}

function readEvent(sentence: string, alert: Alert, plan: AlertPlan): AlertEvent {
  const [word = '', ...rest] = sentence.split(/[ ,:]+/)
  const step = stepNamed(sentence, plan) ?? alert.step
  switch (word) {
    case 'deadline':
      return { kind: word, step, messageState: ledgerState(sentence, 'accepted'), retry: retryOf(sentence, alert) }
    case 'resend':
      return { kind: word, step, messageState: ledgerState(sentence) }
    case 'reply': {
      const [, said] = / says: (.+)$/.exec(sentence) ?? []
      const by = contact.parse({ channel: rest[1], address: rest[2] })
      return evidence(sentence, alert, plan, {
        kind: 'reply',
        contact: by,
        ...(said === undefined ? {} : { words: said }),
      })
    }
    case 'link':
      return evidence(sentence, alert, plan, { kind: 'link', user: userNamed(rest[1], plan) })
    case 'api':
      return evidence(sentence, alert, plan, { kind: 'api', ...(rest[1] === undefined ? {} : { by: rest[1] }) })
    case 'pass':
      return evidence(sentence, alert, plan, { kind: 'pass', step: { alertId: alert.id, ...step }, how: 'call' })
    case 'page':
      return evidence(sentence, alert, plan, {
        kind: 'act',
        act: readAct(rest.slice(2)),
        by: { how: 'link', user: userNamed(rest[1], plan) },
      })
    case 'console':
      return evidence(sentence, alert, plan, { kind: 'act', act: readAct(rest), by: { how: 'api', name: 'Operator' } })
    case 'cancel':
      return { kind: 'cancel', reason: 'nobody needed' }
    default: {
      const resends = sentence.includes('of the first') ? 0 : alert.resends
      const [, reason] = /: (\w+)/.exec(sentence) ?? []
      return {
        kind: 'outcome',
        step: { alertId: alert.id, ...step },
        messageId: stepMessageId(alert, step, resends),
        state: messageState.parse(word),
        ...(reason === undefined ? {} : { reason }),
      }
    }
  }
}

/** Each sentence is another act, also when it is the same one; `[twice]` is the one before it, once more. */
function evidence(
  sentence: string,
  { timeline }: Alert,
  plan: AlertPlan,
  what: AlertAttention['evidence'],
): AlertEvent {
  const [, named] = /\[(\w+)\]/.exec(sentence) ?? []
  const evidenceId = named ?? `${sentence}#${timeline.length}`
  return readEvidence({ evidenceId, evidence: what }, { code: 'A17' }, plan, answerWordsOf({}))
}

function readAct([word = '', ...rest]: string[]): AlertAct {
  switch (word) {
    case 'note':
      return { kind: 'note', text: rest.join(' ') }
    case 'hand':
      return { kind: 'hand-over', to: rest.slice(2).join(' ') }
    case 'snooze':
      return { kind: 'snooze', minutes: Number(rest[0]) }
    default:
      return alertAct.parse({ kind: word })
  }
}

function userNamed(name: string | undefined, { users }: AlertPlan): number {
  return users.findIndex((each) => each.name === name)
}

function ledgerState(sentence: string, otherwise?: MessageState): MessageState | undefined {
  const [, state] = /ledger says (\w+)/.exec(sentence) ?? []
  if (state === 'nothing') return undefined
  return state === undefined ? otherwise : messageState.parse(state)
}

function retryOf(sentence: string, { passedOver = [] }: Alert): Retry {
  return {
    open: sentence.includes('senders open') ? passedOver : [],
    sent: sentence.includes('sent after all') ? passedOver : [],
  }
}

/** `Tony/sms`, the second time `Tony/sms#2`; `in round 2`. */
function stepNamed(sentence: string, plan: AlertPlan): Step | undefined {
  const [, name, on, nth = '1'] = /of (\w+)\/(\w+)(?:#(\d))?/.exec(sentence) ?? []
  if (name === undefined) return undefined
  const [, round = '1'] = /in round (\d)/.exec(sentence) ?? []
  const user = plan.users.findIndex((each) => each.name === name)
  const indexes = plan.users[user]?.channels.flatMap((each, index) => (each.channel === on ? [index] : [])) ?? []
  const index = indexes[Number(nth) - 1]
  if (index === undefined) throw new Error(`Nobody in this plan is called ${sentence}`)
  return { round: Number(round) - 1, user, channel: index }
}

/** Where an alert stands: `Tony/sms`, `Tony/sms in round 2`, `attended by Michael whatsapp read`, `exhausted`. */
export function whereIs(alert: Alert, plan: AlertPlan): string {
  if (alert.state === 'attended') {
    const { user, channel: on, how } = alert.attendedBy ?? {}
    return `attended by ${[user, on, how].filter(Boolean).join(' ')}`
  }
  if (alert.snooze) return 'snoozed'
  if (alert.isWaiting) return 'blocked'
  return alert.state === 'walking' ? nameOf(alert.step, plan) : alert.state
}

export function nameOf(step: Step, plan: AlertPlan): string {
  const where = `${userAt(plan, step).name}/${channelAt(plan, step).channel}`
  return step.round === 0 ? where : `${where} in round ${step.round + 1}`
}

/** Every step of a plan, in order. */
export function allSteps(plan: AlertPlan): Step[] {
  const steps: Step[] = []
  for (let step: Step | undefined = { round: 0, user: 0, channel: 0 }; step; step = nextStep(plan, step))
    steps.push(step)
  return steps
}

/** Whether somebody was ever asked there. With Dispatch nobody knows. */
export function wasContacted({ timeline }: Alert, { round, user, channel }: Step, { engine }: AlertPlan): boolean {
  const place = [round, user, channel].join()
  return engine === 'dispatch' || timeline.some(({ event, step }) => event === 'contacting' && step?.join() === place)
}
