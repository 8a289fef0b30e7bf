import { randomUUID } from 'node:crypto'

import { admit, isChannel, personId } from '@switchboard/contracts'
import type { Alert, AlertAttention, AlertPlan, StatusWebhook, SwitchboardConfig } from '@switchboard/contracts'
import { recipientDigest } from '@switchboard/store'
import type { Alerts, ConsentStore, Ledger, SenderId, Senders } from '@switchboard/store'
import { buildWorkflow, NotAcceptedError } from '@switchboard/vonage'
import type { DispatchStep, NotAccepted, VonageClient } from '@switchboard/vonage'

import { userAt } from './steps.ts'
import type { Step } from './steps.ts'
import { stepText } from './texts.ts'

export interface HandOverDeps {
  vonage: Pick<VonageClient, 'dispatch'>
  alerts: Pick<Alerts, 'change' | 'setWorkflowOwner'>
  ledger: Pick<Ledger, 'parked'>
  consent: Pick<ConsentStore, 'isOptedOut'>
  senders: Pick<Senders, 'get' | 'answered' | 'takeProbe'>
  attention: { enqueue(attention: AlertAttention): Promise<void> }
  /** Hands a parked status to whoever handles statuses. */
  statuses: { enqueue(status: StatusWebhook): Promise<void> }
  parseStatus: (parked: unknown) => StatusWebhook
  acknowledgeLink: (alertId: string, user: number) => string
  settings: Pick<SwitchboardConfig, 'texts' | 'senders'>
  now: () => number
  log: { info: (fields: object, event: string) => void; warn: (fields: object, event: string) => void }
}

export type HandOver = (alert: Alert, plan: AlertPlan, step: Step) => Promise<void>

type Workflow = NonNullable<Alert['workflows']>[string]

/**
 * Hands one user to Vonage's Dispatch: one workflow of all the user's channels. Claimed in the alert's record before the
 * request, so that it goes out once; the walk's deadline for the user covers a claim whose request nobody finished.
 */
export function createHandOver(deps: HandOverDeps): HandOver {
  return async (alert, plan, step) => {
    const key = `${step.round}.${step.user}`
    const sender = await openSender(alert, plan, step, deps)
    if (!sender) return refuse(alert, plan, step, 'dropped', 'held', deps)
    if (!(await claim(alert.id, key, deps))) return
    const steps = await stepsOf(alert, plan, step, deps)
    if (steps.length === 0) return refuse(alert, plan, step, 'suppressed', 'opted out', deps)
    try {
      const { dispatchUuid } = await deps.vonage.dispatch(buildWorkflow({ senders: deps.settings.senders, steps }))
      const { round, user } = step
      await deps.alerts.setWorkflowOwner(dispatchUuid, { alertId: alert.id, round, user })
      await setWorkflow(alert.id, key, { state: 'sent', uuid: dispatchUuid }, deps)
      await deps.senders.answered(sender, { kind: 'accepted' }, deps.now())
      for (const parked of await deps.ledger.parked(dispatchUuid)) {
        await deps.statuses.enqueue({ ...deps.parseStatus(parked), wasParked: true })
      }
      deps.log.info({ alertId: alert.id, step, dispatchUuid }, 'workflow.accepted')
    } catch (error) {
      const outcome = error instanceof NotAcceptedError ? error.outcome : undefined
      if (outcome?.kind === 'refused') return refuse(alert, plan, step, 'refused', outcome.reason, deps)
      if (outcome?.kind === 'unknown') {
        await setWorkflow(alert.id, key, { state: 'unknown' }, deps)
        deps.log.warn({ alertId: alert.id, step, reason: outcome.reason }, 'workflow.outcome-unknown')
        return
      }
      // It did not go out: the next try of this job may claim it again.
      await setWorkflow(alert.id, key, undefined, deps)
      if (outcome && (await isHeldNow(outcome, sender, userAt(plan, step), deps)))
        return refuse(alert, plan, step, 'dropped', 'held', deps)
      throw error
    }
  }
}

/** The first of the user's senders that may be used: a workflow is one request, which tells about one of them. */
async function openSender(
  alert: Alert,
  plan: AlertPlan,
  step: Step,
  { senders, settings, now }: HandOverDeps,
): Promise<SenderId | undefined> {
  for (const { channel } of userAt(plan, step).channels) {
    const id = { channel, sender: settings.senders[channel] ?? channel }
    const { kind } = admit(await senders.get(id), alert.id, now())
    if (kind === 'go' || (kind === 'probe' && (await senders.takeProbe(id, alert.id, now())))) return id
  }
  return undefined
}

/** A limit or the account's problem is the sender's; whoever is told that it is held goes on to the next user. */
async function isHeldNow(
  outcome: NotAccepted,
  id: SenderId,
  user: AlertPlan['users'][number],
  { senders, now }: HandOverDeps,
): Promise<boolean> {
  if (outcome.kind === 'later' && outcome.retryAfterMs !== undefined) {
    await senders.answered(id, { kind: 'limited', retryAfterMs: outcome.retryAfterMs }, now())
    return true
  }
  const [first] = user.channels
  if (outcome.kind !== 'account' || !first) return false
  const { code, reason } = outcome
  const recipient = recipientDigest({ channel: first.channel, address: first.to })
  const { after } = await senders.answered(id, { kind: 'account', recipient, code, reason }, now())
  return after?.hold !== undefined
}

async function stepsOf(
  alert: Alert,
  plan: AlertPlan,
  step: Step,
  { consent, acknowledgeLink, settings }: HandOverDeps,
): Promise<DispatchStep[]> {
  const link = acknowledgeLink(alert.id, step.user)
  const { channels } = userAt(plan, step)
  const optedOut = await Promise.all(
    channels.map(({ channel, to }) => consent.isOptedOut(personId({ channel, address: to }))),
  )
  return channels.flatMap((channel, index) => {
    if (optedOut[index] || !isChannel(channel.channel)) return []
    return [
      {
        channel: channel.channel,
        to: channel.to,
        text: stepText({ alert, channel, link, texts: settings.texts }),
        expirySeconds: channel.expirySeconds,
        condition: channel.condition,
      },
    ]
  })
}

/**
 * Makes this process the only one that hands a user over. The claimant tells our own claim from that of another one when
 * the connection broke and Redis is asked a second time.
 */
async function claim(alertId: string, key: string, { alerts }: HandOverDeps): Promise<boolean> {
  const claimant = randomUUID()
  const { after } = await alerts.change(alertId, (current) =>
    current?.state === 'walking' && current.workflows?.[key] === undefined
      ? { ...current, workflows: { ...current.workflows, [key]: { state: 'sending', claimant } } }
      : current,
  )
  return after?.workflows?.[key]?.claimant === claimant
}

async function setWorkflow(
  alertId: string,
  key: string,
  workflow: Workflow | undefined,
  { alerts }: HandOverDeps,
): Promise<void> {
  await alerts.change(alertId, (current) => {
    if (current?.state !== 'walking') return current
    const { [key]: _previous, ...others } = current.workflows ?? {}
    return { ...current, workflows: workflow ? { ...others, [key]: workflow } : others }
  })
}

/** The whole user is out of reach: the walk goes on at once. */
async function refuse(
  alert: Alert,
  plan: AlertPlan,
  step: Step,
  state: 'refused' | 'suppressed' | 'dropped',
  reason: string,
  { attention, now }: HandOverDeps,
): Promise<void> {
  const last = { alertId: alert.id, ...step, channel: userAt(plan, step).channels.length - 1 }
  await attention.enqueue({
    alertId: alert.id,
    at: now(),
    evidenceId: `workflow.${step.round}.${step.user}.${step.pass ?? 0}.${state}`,
    evidence: { kind: 'outcome', step: last, state, reason },
  })
}
