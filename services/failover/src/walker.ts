import type {
  Alert,
  AlertAttention,
  AlertPlan,
  AlertRequest,
  AlertStep,
  MessageState,
  MessageStatus,
  StepRef,
} from '@switchboard/contracts'
import { advance, RateLimitedError } from '@switchboard/contracts'
import type { Alerts, Ledger } from '@switchboard/store'

import type { Fulfil } from './fulfil.ts'
import { stepMessageId } from './obligations.ts'
import { beginAlert, walk } from './walk.ts'
import type { AlertEvent } from './walk.ts'

export interface WalkerDeps {
  alerts: Pick<Alerts, 'get' | 'savePlan' | 'plan' | 'nextCode' | 'create' | 'change'>
  ledger: Pick<Ledger, 'get'>
  fulfil: Fulfil
  /** Whether an alert that has no record yet was asked for, and will begin. */
  isRequested: (alertId: string) => Promise<boolean>
  /** Passes a status on to a caller of our Dispatch endpoint. */
  passOn: (alert: Alert, plan: AlertPlan, step: StepRef, status: MessageStatus) => Promise<void>
  now: () => number
  log: { info: (fields: object, event: string) => void }
  observe: { ended: (alert: Alert) => void; lateness: (ms: number) => void }
}

/** Somebody may cancel an alert in the same breath as it was started: then this waits so long for its beginning. */
const NOT_BEGUN_MS = 200

/** The handlers of the three queues of the walk: begin, time, evidence. */
export interface Walker {
  begin: (request: AlertRequest) => Promise<void>
  step: (step: AlertStep) => Promise<void>
  attention: (attention: AlertAttention) => Promise<void>
}

/** Each handler fetches, asks the walk, and acts. */
export function createWalker(deps: WalkerDeps): Walker {
  const { alerts, now, log } = deps

  return {
    async begin(request) {
      const existing = await alerts.get(request.id)
      const planId = await alerts.savePlan(request.plan)
      const code = existing?.code ?? (await alerts.nextCode())
      const alert = await alerts.create(beginAlert(request, { code, planId, now: now() }))
      // One that was there already keeps its own plan: the policy may have changed since.
      await deps.fulfil(alert, await alerts.plan(alert.planId))
      log.info({ alertId: alert.id, policy: request.plan.policy, users: request.plan.users.length }, 'alert.started')
    },

    async step({ kind = 'deadline', ...step }) {
      const [alert, firstState] = await Promise.all([alerts.get(step.alertId), messageState(step, 0, deps)])
      if (!alert) return
      const plan = await alerts.plan(alert.planId)
      const secondState = alert.resends > 0 ? await messageState(step, 1, deps) : undefined
      const event: AlertEvent = { kind, step, messageState: furthest(firstState, secondState) }
      const { after, didMove } = await apply(alert, plan, event, deps)
      if (didMove && kind === 'deadline') deps.observe.lateness(now() - alert.dueAt)
      // Another machine's clock may run ahead of the record's: look again when it is really due.
      const earlyMs = isStillDue(after, step, kind) ? dueAtOf(after, kind) - now() : 0
      if (earlyMs > 0) throw new RateLimitedError('The step is not due yet', earlyMs)
    },

    async attention({ alertId, evidence }) {
      const alert = (await alerts.get(alertId)) ?? (await justBegun(alertId, deps))
      if (!alert) {
        log.info({ alertId, evidence: evidence.kind }, 'alert.unknown')
        return
      }
      const plan = await alerts.plan(alert.planId)
      if (evidence.kind === 'outcome' && evidence.status) await deps.passOn(alert, plan, evidence.step, evidence.status)
      await apply(alert, plan, evidence, deps)
    },
  }
}

/** Of an alert that had no record a moment ago: what it has now. Throws, to be asked again, while it has yet to begin. */
async function justBegun(alertId: string, { alerts, isRequested }: WalkerDeps): Promise<Alert | undefined> {
  if (await isRequested(alertId)) throw new RateLimitedError('The alert has not begun yet', NOT_BEGUN_MS)
  return alerts.get(alertId)
}

function dueAtOf({ dueAt, resendAt = 0 }: Alert, kind: 'deadline' | 'resend'): number {
  return kind === 'deadline' ? dueAt : resendAt
}

function isStillDue(alert: Alert, step: StepRef, kind: 'deadline' | 'resend'): boolean {
  if (alert.state !== 'walking' || (kind === 'resend' && alert.resendAt === undefined)) return false
  return alert.step.round === step.round && alert.step.user === step.user && alert.step.channel === step.channel
}

/** Moves the record, then makes the world follow it. A crash in between is made good by running this again. */
async function apply(
  known: Alert,
  plan: AlertPlan,
  event: AlertEvent,
  { alerts, fulfil, now, log, observe }: WalkerDeps,
): Promise<{ after: Alert; didMove: boolean }> {
  const alertId = known.id
  const change = await alerts.change(alertId, (current) => walk(current, plan, event, now()), known)
  if (!change) throw new Error(`The alert ${alertId} is gone`)
  const { before, after } = change
  const didMove = after !== before
  if (didMove) log.info({ alertId, event: event.kind, state: after.state, step: after.step }, 'alert.moved')
  if (before.state === 'walking' && after.state !== 'walking') {
    observe.ended(after)
    log.info({ alertId, state: after.state, how: after.attendedBy?.how }, 'alert.ended')
  }
  if (!isOnlyNoted(before, after)) await fulfil(after, plan, before)
  return { after, didMove }
}

/** Something was written down that asks nothing of the world. Nothing written may mean that it was interrupted before. */
function isOnlyNoted(before: Alert, after: Alert): boolean {
  if (before === after) return false
  return before.state === after.state && before.step === after.step && before.resendAt === after.resendAt
}

/** What the ledger says of a step's message now; the record of the alert may not have heard of it yet. */
async function messageState(step: StepRef, resends: number, { ledger }: WalkerDeps): Promise<MessageState | undefined> {
  return (await ledger.get(stepMessageId({ id: step.alertId }, step, resends)))?.state
}

function furthest(first: MessageState | undefined, second: MessageState | undefined): MessageState | undefined {
  return first !== undefined && second !== undefined ? advance(first, second) : (second ?? first)
}
