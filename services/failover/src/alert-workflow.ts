import {
  alertContent,
  alertStepQueue,
  closingText,
  cutText,
  isChannel,
  needsWindow,
  stepText,
  voiceOf,
  stepMessageId,
  withAlertButtons,
} from '@switchboard/contracts'
import type {
  ActAnswer,
  Alert,
  AlertPlan,
  AlertStep,
  AuditEntry,
  CallSettings,
  Contact,
  Enqueue,
  OutboundMessage,
  PlanChannel,
  RememberedAct,
  SwitchboardConfig,
} from '@switchboard/contracts'
import type { Outbox, Producer } from '@switchboard/queue'
import type { Alerts, CallerWorkflows, LateReplies, Ledger } from '@switchboard/store'
import { createWorkflow } from '@switchboard/workflow'
import type { Workflow, WorkflowLog } from '@switchboard/workflow'

import { answerText } from './answer-text.ts'
import type { Bundling } from './bundling.ts'
import type { CallerReports } from './caller-reports.ts'
import type { HandOver } from './hand-over.ts'
import { hasHeard } from './has-heard.ts'
import { lookAt, obligations } from './obligations.ts'
import type { AlertObligation } from './obligations.ts'
import { channelAt, waitSeconds } from './steps.ts'
import { traceEntry } from './trace-entry.ts'

export interface AlertWorkflowDeps {
  alerts: Pick<
    Alerts,
    | 'get'
    | 'plan'
    | 'change'
    | 'due'
    | 'scan'
    | 'takeCode'
    | 'listEnded'
    | 'listOpen'
    | 'listBlocked'
    | 'unlistBlocked'
    | 'addContact'
    | 'removeContact'
  >
  lateReplies: Pick<LateReplies, 'expect' | 'ended'>
  callerWorkflows: Pick<CallerWorkflows, 'reached'>
  outbox: Pick<Outbox, 'send'>
  /** Many messages to one person leave together. */
  bundling: Pick<Bundling, 'gathers'>
  ledger: Pick<Ledger, 'get' | 'stateOf'>
  timers: Pick<Producer<AlertStep>, 'enqueue' | 'remove'>
  /** Hands a user to Vonage's Dispatch. */
  handOver: HandOver
  /** What people did by a message. */
  trail: Enqueue<AuditEntry>
  /** Tells a caller of our Dispatch endpoint how it ended. */
  callers: Pick<CallerReports, 'finalReport'>
  /** A page on which this user acknowledges this alert. */
  acknowledgeLink: (alertId: string, user: number) => string
  /** Where Vonage tells which key was pressed in the call in which this message is spoken, and what becomes of it. */
  callUrls: (messageId: string, about: { leavesText: boolean }) => Pick<CallSettings, 'keysUrl' | 'eventsUrl'>
  settings: Pick<SwitchboardConfig, 'texts' | 'calls' | 'templates'>
  now: () => number
  log: WorkflowLog
  countRescue?: (workflow: string) => void
}

export type AlertWorkflow = Workflow<Alert, AlertPlan>

/** An alert and its world: messages, timers, the contacts whose replies find it. */
export function createAlertWorkflow(deps: AlertWorkflowDeps): AlertWorkflow {
  const { alerts, timers, now } = deps
  return createWorkflow<Alert, AlertObligation, AlertPlan>(
    {
      name: 'alert',
      logFields: (alertId) => ({ alertId }),
      contextOf: ({ planId }) => alerts.plan(planId),
      obligations,
      lookAt,
      fulfil: (owed, alert, plan) => fulfil(owed, alert, plan, deps),
      async retract(owed, { id }) {
        // A timer that is due already is running, or finds nothing to do.
        if ((owed.kind === 'deadline' || owed.kind === 'resend') && owed.at > now())
          await timers.remove(alertStepQueue.jobId(timerOf(owed, id)))
      },
    },
    { ...deps, records: alerts },
  )
}

async function fulfil(owed: AlertObligation, alert: Alert, plan: AlertPlan, deps: AlertWorkflowDeps): Promise<void> {
  const { alerts, callerWorkflows, lateReplies, timers, now } = deps
  switch (owed.kind) {
    case 'code':
      return alerts.takeCode(alert)
    case 'contacts':
      return expectReplies(owed.contacts, alert, deps)
    case 'caller-replies':
      await Promise.all(owed.contacts.map((contact) => callerWorkflows.reached(contact, alert.id)))
      return undefined
    case 'message':
      return sendStep(owed, alert, plan, deps)
    case 'workflow':
      return deps.handOver(alert, plan, owed.step)
    case 'deadline':
    case 'resend':
      return timers.enqueue(timerOf(owed, alert.id), { delayMs: owed.at - now() })
    case 'late-replies':
      await Promise.all(
        owed.contacts.map((contact) =>
          alert.state === 'exhausted' ? lateReplies.expect(contact, alert.id) : lateReplies.ended(contact, alert.id),
        ),
      )
      return undefined
    case 'no-contacts':
      await Promise.all(owed.contacts.map((contact) => alerts.removeContact(contact, alert.id)))
      return undefined
    case 'listed-as-ended':
      return alerts.listEnded(alert)
    case 'listed-as-open':
      return alerts.listOpen(alert)
    case 'listed-as-blocked':
      return alerts.listBlocked(alert.id, owed.until)
    case 'not-blocked':
      return alerts.unlistBlocked(alert.id)
    case 'answer': {
      const answer = answerMessage(owed, alert, plan, deps)
      return answer && sendAnswer(answer, owed.act, alert, deps)
    }
    case 'trace':
      return deps.trail.enqueue(traceEntry(owed, alert, plan))
    case 'closing':
      return (await hasHeard(owed.user, alert, plan, deps.ledger))
        ? sendClosing(closingMessage(owed, alert, deps), deps)
        : undefined
    case 'final-report':
      return deps.callers.finalReport(alert, plan)
  }
}

type Owed<Kind extends AlertObligation['kind']> = Extract<AlertObligation, { kind: Kind }>

/** Replies are expected before the message leaves, and not while it waits for others. */
async function sendStep(owed: Owed<'message'>, alert: Alert, plan: AlertPlan, deps: AlertWorkflowDeps): Promise<void> {
  const message = stepMessage(owed, alert, plan, deps)
  const { text } = channelAt(plan, owed.step)
  const isOwn = alert.dispatch !== undefined || text !== undefined || opensWindow(message, deps)
  const first = stepMessageId(alert, owed.step, 0)
  const isAgain = alert.resends > 0 && (await deps.ledger.get(first))?.bundle !== undefined
  const waitMs = waitSeconds(plan, owed.step) * 1_000
  if (!isOwn && (await deps.bundling.gathers(message, { waitMs, isAgain }))) return
  await Promise.all([expectReplies(owed.contacts, alert, deps), deps.outbox.send(message)])
}

async function expectReplies(contacts: Contact[], { id }: Alert, { alerts }: AlertWorkflowDeps): Promise<void> {
  await Promise.all(contacts.map((contact) => alerts.addContact(contact, id)))
}

async function sendClosing(message: OutboundMessage, deps: AlertWorkflowDeps): Promise<void> {
  const isGathered = !opensWindow(message, deps) && (await deps.bundling.gathers(message, {}))
  if (!isGathered) await deps.outbox.send(message)
}

/** What the message about several ends says as well: one reply may answer many alerts. */
const saidOfEnds = new Set<ActAnswer>(['taken', 'has-it', 'over'])

async function sendAnswer(
  message: OutboundMessage,
  { id: answers, answer }: RememberedAct,
  { id }: Alert,
  deps: AlertWorkflowDeps,
): Promise<void> {
  const closing = { ...message, about: { kind: 'alert-closing' as const, alertId: id } }
  if (!saidOfEnds.has(answer) || !(await deps.bundling.gathers(closing, { answers }))) await deps.outbox.send(message)
}

/** What goes out, or may have to go out, in a form that several alerts have not together: as a template, or with a tag. */
function opensWindow(message: OutboundMessage, { settings }: AlertWorkflowDeps): boolean {
  const { channel, template } = message
  if (template !== undefined || (isChannel(channel) && settings.templates[channel] !== undefined)) return true
  return needsWindow({ channel }) && !needsWindow(message)
}

function timerOf({ kind, step }: Extract<AlertObligation, { at: number }>, alertId: string): AlertStep {
  return { ...step, alertId, ...(kind === 'resend' ? { kind } : {}) }
}

function stepMessage(
  { id, step }: Owed<'message'>,
  alert: Alert,
  plan: AlertPlan,
  deps: AlertWorkflowDeps,
): OutboundMessage {
  const { acknowledgeLink, settings, now } = deps
  const channel = channelAt(plan, step)
  const link = acknowledgeLink(alert.id, step.user)
  const said = alertContent(alert, channel, link)
  return {
    id,
    channel: channel.channel,
    to: channel.to,
    text: stepText({ alert, channel, link, texts: settings.texts }),
    purpose: 'alert',
    createdAt: now(),
    // By then the walk has passed this step over, and comes back to it.
    expiresAt: alert.dueAt,
    about: {
      kind: 'alert',
      step: { alertId: alert.id, ...step },
      ...(alert.dispatch ? { isReported: true } : {}),
    },
    ...(alert.dispatch ? said : withAlertButtons(said, { alert, channel, link }, settings.texts)),
    ...(channel.channel === 'voice' ? { call: callOf(id, channel, plan, deps) } : {}),
    ...(channel.template ? { template: channel.template } : {}),
    ...(channel.from === undefined ? {} : { from: channel.from }),
  }
}

/** Answers whoever did something by a message, where and to whom they wrote. */
function answerMessage(
  { id, act, contact: { channel, address } }: Owed<'answer'>,
  alert: Alert,
  plan: AlertPlan,
  { settings, now }: AlertWorkflowDeps,
): OutboundMessage | undefined {
  const text = answerText(act.answer, { alert, plan, now: now() }, settings.texts)
  if (text === undefined) return undefined
  const theirs = plan.users
    .flatMap(({ channels }) => channels)
    .find((each) => each.channel === channel && each.to === address)
  return {
    id,
    channel,
    to: address,
    ...(theirs?.from === undefined ? {} : { from: theirs.from }),
    text: cutText(text, channel),
    purpose: 'reply',
    createdAt: act.at,
    answersSince: act.at,
    // Who opted out may still ask for help by its keyword.
    ...(act.answer === 'how' ? { ignoresConsent: true } : {}),
  }
}

function callOf(
  id: string,
  channel: PlanChannel,
  { leavesText = false }: AlertPlan,
  deps: AlertWorkflowDeps,
): CallSettings {
  const { calls } = deps.settings
  return {
    ...deps.callUrls(id, { leavesText }),
    ...voiceOf(channel, calls),
    ringingSeconds: calls.ringingSeconds,
    ...(leavesText ? { leavesText } : {}),
  }
}

function closingMessage(
  { id, about, channel }: Owed<'closing'>,
  alert: Alert,
  { settings, now }: AlertWorkflowDeps,
): OutboundMessage {
  return {
    id,
    channel: channel.channel,
    to: channel.to,
    ...(channel.from === undefined ? {} : { from: channel.from }),
    text: closingText(
      alert,
      channel.channel,
      about === 'over' ? settings.texts.alertOver : settings.texts.alertClosing,
    ),
    purpose: 'alert',
    createdAt: now(),
    about: { kind: 'alert-closing', alertId: alert.id },
  }
}
