import type {
  Alert,
  AlertAttention,
  AlertPlan,
  AlertRequest,
  AlertStep,
  AnswerWords,
  Log,
  MessageState,
  StepRef,
} from '@switchboard/contracts'
import { advance, PostponedError, stepMessageId } from '@switchboard/contracts'
import type { Alerts, Ledger } from '@switchboard/store'

import type { AlertWorkflow } from './alert-workflow.ts'
import type { CallerReports } from './caller-reports.ts'
import type { Retry } from './passed-over.ts'
import { readEvidence } from './read-evidence.ts'
import { isSamePlace } from './steps.ts'
import { beginAlert, walk } from './walk.ts'
import type { AlertEvent } from './walk.ts'

export interface WalkerDeps {
  alerts: Pick<Alerts, 'get' | 'savePlan' | 'plan' | 'nextCode'>
  ledger: Pick<Ledger, 'stateOf'>
  workflow: AlertWorkflow
  /** Whether an alert that has no record yet was asked for, and will begin. */
  isRequested: (alertId: string) => Promise<boolean>
  callers: Pick<CallerReports, 'status'>
  /** What people say to an alert. */
  vocabulary: AnswerWords
  /** What a blocked alert needs to know when it looks again. */
  readRetry: (alert: Alert, plan: AlertPlan) => Promise<Retry>
  now: () => number
  log: Log<'info' | 'warn'>
  observe: { blocked: () => void; ended: (alert: Alert) => void; lateness: (ms: number) => void }
}

/** Somebody may cancel an alert in the same breath as it was started: then this waits so long for its beginning. */
const NOT_BEGUN_MS = 200

/** The handlers of the three queues of the walk: begin, time, evidence. */
export interface Walker {
  begin: (request: AlertRequest) => Promise<void>
  step: (step: AlertStep) => Promise<void>
  attention: (attention: AlertAttention) => Promise<void>
  /** Performs what an alert has to do now: its timer is missing, or whoever works it is. */
  performDue: (alert: Alert) => Promise<void>
}

/** Each handler fetches, asks the walk, and acts. */
export function createWalker(deps: WalkerDeps): Walker {
  const { alerts, workflow, now, log } = deps

  const walker: Walker = {
    async begin(request) {
      const existing = await alerts.get(request.id)
      // One that was there already keeps its own plan: the policy may have changed since.
      const planId = existing?.planId ?? (await alerts.savePlan(request.plan))
      const code = existing?.code ?? (await alerts.nextCode())
      const begun = beginAlert(request, { code, planId, now: now() })
      await workflow.move(request.id, (current) => current ?? begun, await alerts.plan(planId), existing)
      log.info({ alertId: request.id, policy: request.plan.policy, users: request.plan.users.length }, 'alert.started')
    },

    async step({ kind = 'deadline', ...step }) {
      const [alert, firstState] = await Promise.all([alerts.get(step.alertId), messageState(step, 0, deps)])
      if (!alert) return
      const plan = await alerts.plan(alert.planId)
      const secondState = alert.resends > 0 ? await messageState(step, 1, deps) : undefined
      const retry = alert.isWaiting ? await deps.readRetry(alert, plan) : undefined
      const event: AlertEvent = {
        kind,
        step,
        messageState: furthest(firstState, secondState),
        ...(retry ? { retry } : {}),
      }
      const { after, didMove } = await apply(alert, plan, event, deps)
      if (didMove && kind === 'deadline') deps.observe.lateness(now() - alert.dueAt)
      // Another machine's clock may run ahead of the record's: look again when it is really due.
      const earlyMs = isStillDue(after, step, kind) ? dueAtOf(after, kind) - now() : 0
      if (earlyMs > 0) throw new PostponedError('The step is not due yet', earlyMs)
    },

    async attention({ alertId, evidenceId, evidence }) {
      const alert = (await alerts.get(alertId)) ?? (await justBegun(alertId, deps))
      if (!alert) {
        log.info({ alertId, evidence: evidence.kind }, 'alert.unknown')
        return
      }
      const plan = await alerts.plan(alert.planId)
      if (evidence.kind === 'outcome' && evidence.status)
        await deps.callers.status(alert, plan, evidence.step, evidence.status)
      await apply(alert, plan, readEvidence({ evidenceId, evidence }, alert, plan, deps.vocabulary), deps)
    },

    async performDue({ id, step, ...alert }) {
      const kind = alert.resendAt !== undefined && alert.resendAt <= now() ? 'resend' : 'deadline'
      await walker.step({ kind, alertId: id, ...step })
    },
  }
  return walker
}

/** Of an alert that had no record a moment ago: what it has now. Throws, to be asked again, while it has yet to begin. */
async function justBegun(alertId: string, { alerts, isRequested }: WalkerDeps): Promise<Alert | undefined> {
  if (await isRequested(alertId)) throw new PostponedError('The alert has not begun yet', NOT_BEGUN_MS)
  return alerts.get(alertId)
}

function dueAtOf({ dueAt, resendAt = 0 }: Alert, kind: 'deadline' | 'resend'): number {
  return kind === 'deadline' ? dueAt : resendAt
}

function isStillDue(alert: Alert, step: StepRef, kind: 'deadline' | 'resend'): boolean {
  if (alert.state !== 'walking' || (kind === 'resend' && alert.resendAt === undefined)) return false
  return isSamePlace(alert.step, step) && alert.step.pass === step.pass
}

/** Moves the record, then makes the world follow it. A crash in between is made good by running this again. */
async function apply(
  known: Alert,
  plan: AlertPlan,
  event: AlertEvent,
  { workflow, now, log, observe }: WalkerDeps,
): Promise<{ after: Alert; didMove: boolean }> {
  const alertId = known.id
  const decide = (current: Alert | undefined) => current && walk(current, plan, event, now())
  const { before, after } = await workflow.move(alertId, decide, plan, known)
  if (!before || !after) throw new Error(`The alert ${alertId} is gone`)
  const didMove = after !== before
  if (didMove) log.info({ alertId, event: event.kind, state: after.state, step: after.step }, 'alert.moved')
  if (after.blockedSince !== undefined && before.blockedSince === undefined) {
    observe.blocked()
    log.warn({ alertId, passedOver: after.passedOver?.length }, 'alert.blocked')
  }
  if (before.state === 'walking' && after.state !== 'walking') {
    observe.ended(after)
    log.info({ alertId, state: after.state, how: after.attendedBy?.how }, 'alert.ended')
  }
  return { after, didMove }
}

/** What the ledger says of a step's message now; the record of the alert may not have heard of it yet. */
async function messageState(step: StepRef, resends: number, { ledger }: WalkerDeps): Promise<MessageState | undefined> {
  return ledger.stateOf(stepMessageId({ id: step.alertId }, step, resends))
}

function furthest(first: MessageState | undefined, second: MessageState | undefined): MessageState | undefined {
  return first !== undefined && second !== undefined ? advance(first, second) : (second ?? first)
}
