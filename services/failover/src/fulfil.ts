import { alertStepQueue, contactId } from '@switchboard/contracts'
import type { Alert, AlertPlan, AlertStep, OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import type { Producer } from '@switchboard/queue'
import type { Alerts, LateReplies } from '@switchboard/store'

import { contactsOf, obligations } from './obligations.ts'
import type { Obligation } from './obligations.ts'
import { channelAt, isSameStep, stepsTaken } from './steps.ts'
import type { Step } from './steps.ts'
import { closingText, stepText } from './texts.ts'

export interface FulfilDeps {
  /** Hands a user to Vonage's Dispatch. */
  handOver: (alert: Alert, plan: AlertPlan, step: Step) => Promise<void>
  /** Tells a caller of our Dispatch endpoint how it ended. */
  finalReport: (alert: Alert, plan: AlertPlan) => Promise<void>
  alerts: Pick<Alerts, 'index' | 'addContact' | 'removeContact'>
  lateReplies: Pick<LateReplies, 'expect'>
  send: (message: OutboundMessage) => Promise<void>
  timers: Pick<Producer<AlertStep>, 'enqueue' | 'remove'>
  /** A page on which this user acknowledges this alert. */
  acknowledgeLink: (alertId: string, user: number) => string
  settings: Pick<SwitchboardConfig, 'texts'>
  now: () => number
}

/**
 * How long after its step a message is still sent that could not go out in time: a service was away, or was killed in the
 * middle. Better late than never, while nobody has seen the alert; long afterwards it would only confuse.
 */
const LATE_MS = 300_000

export type Fulfil = (alert: Alert, plan: AlertPlan, before?: Alert) => Promise<void>

/** Makes the world as the record says: messages, timers, indexes. Doing it again has no second effect. */
export function createFulfil(deps: FulfilDeps): Fulfil {
  return async (alert, plan, before) => {
    const isWalking = alert.state === 'walking'
    const owed = obligations(alert, plan)
    await Promise.all([
      deps.alerts.index(alert),
      // Asked of Redis before the message: a reply to it must find the alert.
      isWalking ? addContacts(alert, plan, deps) : releaseContacts(alert, plan, deps),
      ...owed.map((obligation) => meet(obligation, alert, plan, deps)),
    ])
    const didLeave = before && (!isWalking || !isSameStep(plan, before.step, alert.step))
    if (didLeave) await clearTimers(before, deps)
  }
}

async function meet(obligation: Obligation, alert: Alert, plan: AlertPlan, deps: FulfilDeps): Promise<void> {
  const { now, send, settings } = deps
  switch (obligation.kind) {
    case 'message':
      return send(stepMessage(obligation, alert, plan, deps))
    case 'deadline':
    case 'resend':
      return deps.timers.enqueue(
        { ...obligation.step, alertId: alert.id, ...(obligation.kind === 'resend' ? { kind: obligation.kind } : {}) },
        { delayMs: obligation.at - now() },
      )
    case 'closing':
      return send({
        id: obligation.messageId,
        channel: obligation.channel.channel,
        to: obligation.channel.to,
        ...(obligation.channel.from === undefined ? {} : { from: obligation.channel.from }),
        text: closingText(alert, obligation.channel.channel, settings.texts.alertClosing),
        purpose: 'alert',
        createdAt: now(),
        about: { kind: 'alert-closing', alertId: alert.id },
      })
    case 'workflow':
      return deps.handOver(alert, plan, obligation.step)
    case 'final-report':
      return deps.finalReport(alert, plan)
  }
}

function stepMessage(
  { step, messageId, contact }: Extract<Obligation, { kind: 'message' }>,
  alert: Alert,
  plan: AlertPlan,
  { acknowledgeLink, settings, now }: FulfilDeps,
): OutboundMessage {
  const channel = channelAt(plan, step)
  const link = acknowledgeLink(alert.id, step.user)
  return {
    id: messageId,
    channel: contact.channel,
    to: contact.address,
    text: stepText({ alert, channel, link, texts: settings.texts }),
    purpose: 'alert',
    createdAt: now(),
    // A Dispatch caller has had the final report by then.
    expiresAt: alert.dispatch ? alert.dueAt : Math.max(alert.dueAt, now()) + LATE_MS,
    about: {
      kind: 'alert',
      step: { alertId: alert.id, ...step },
      ...(alert.dispatch ? { isReported: true } : {}),
    },
    ...(channel.template ? { template: channel.template } : {}),
    ...(channel.from === undefined ? {} : { from: channel.from }),
  }
}

async function addContacts(alert: Alert, plan: AlertPlan, { alerts }: FulfilDeps): Promise<void> {
  // Replies to a Dispatch caller's messages are the caller's.
  if (alert.dispatch) return
  await Promise.all(contactsOf(plan, alert.step).map((contact) => alerts.addContact(contact, alert.id)))
}

/** The alert no longer waits for their replies; one that nobody has seen still takes them for a while. */
async function releaseContacts(alert: Alert, plan: AlertPlan, { alerts, lateReplies }: FulfilDeps): Promise<void> {
  if (alert.dispatch) return
  const contacts = stepsTaken(alert, plan).flatMap((step) => contactsOf(plan, step))
  const unique = new Map(contacts.map((contact) => [contactId(contact), contact]))
  const takesLateReplies = alert.state === 'exhausted'
  for (const contact of unique.values()) {
    await alerts.removeContact(contact, alert.id)
    if (takesLateReplies) await lateReplies.expect(contact, alert.id)
  }
}

/** Timers of a step that was left before its time. One that is due already is running, or finds nothing to do. */
async function clearTimers({ id, step, dueAt, resendAt = 0 }: Alert, { timers, now }: FulfilDeps): Promise<void> {
  const timer = { ...step, alertId: id }
  await Promise.all([
    dueAt > now() ? timers.remove(alertStepQueue.jobId(timer)) : undefined,
    resendAt > now() ? timers.remove(alertStepQueue.jobId({ ...timer, kind: 'resend' })) : undefined,
  ])
}
