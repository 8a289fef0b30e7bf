import { randomUUID } from 'node:crypto'

import { admit, alertContent, isChannel, personId, stepText } from '@switchboard/contracts'
import type {
  Alert,
  AlertAttention,
  AlertPlan,
  Enqueue,
  Log,
  StatusWebhook,
  SwitchboardConfig,
} from '@switchboard/contracts'
import { recipientDigest } from '@switchboard/store'
import type { Alerts, ConsentStore, Ledger, SenderId, Senders } from '@switchboard/store'
import { buildWorkflow, NotAcceptedError } from '@switchboard/vonage'
import type { DispatchStep, NotAccepted, VonageClient } from '@switchboard/vonage'

import { userAt } from './steps.ts'
import type { Step } from './steps.ts'

export interface HandOverDeps {
  vonage: Pick<VonageClient, 'dispatch'>
  alerts: Pick<Alerts, 'get' | 'change' | 'setWorkflowOwner'>
  ledger: Pick<Ledger, 'parked'>
  consent: Pick<ConsentStore, 'isOptedOut'>
  senders: Pick<Senders, 'get' | 'answered' | 'takeProbe'>
  attention: Enqueue<AlertAttention>
  /** Hands a parked status to whoever handles statuses. */
  statuses: Enqueue<StatusWebhook>
  parseStatus: (parked: unknown) => StatusWebhook
  acknowledgeLink: (alertId: string, user: number) => string
  settings: Pick<SwitchboardConfig, 'texts' | 'senders'>
  now: () => number
  log: Log<'info' | 'warn'>
}

export type HandOver = (alert: Alert, plan: AlertPlan, step: Step) => Promise<void>

type Workflow = NonNullable<Alert['workflows']>[string]

/**
 * Hands one user to Vonage's Dispatch: one workflow of all the user's channels. Claimed in the alert's record before the
 * request, so that it goes out once, and recorded after it: what follows, follows from the record, however often this is
 * done. The walk's deadline for the user covers a claim whose request nobody finished.
 */
export function createHandOver(deps: HandOverDeps): HandOver {
  return async (alert, plan, step) => {
    const key = `${step.round}.${step.user}`
    const known = (await deps.alerts.get(alert.id))?.workflows?.[key]
    if (known) return follow(alert, plan, step, known, deps)
    const sender = await openSender(alert, plan, step, deps)
    if (!sender) return refuse(alert, plan, step, 'dropped', 'held', deps)
    const steps = await stepsOf(alert, plan, step, deps)
    if (steps.length === 0) return refuse(alert, plan, step, 'suppressed', 'opted out', deps)
    if (!(await claim(alert.id, key, deps))) return
    const answer = await ask(steps, deps)
    if (answer instanceof NotAcceptedError && answer.outcome.kind !== 'unknown' && answer.outcome.kind !== 'refused') {
      // It did not go out: the next try of this job may claim it again.
      await setWorkflow(alert.id, key, undefined, deps)
      if (await isHeldNow(answer.outcome, sender, userAt(plan, step), deps))
        return refuse(alert, plan, step, 'dropped', 'held', deps)
      throw answer
    }
    // From here on nothing may cause another request: the claim stays whatever happens.
    const workflow = recordOf(answer)
    await setWorkflow(alert.id, key, workflow, deps)
    const { state, uuid: dispatchUuid, refusedBecause } = workflow
    deps.log.info({ alertId: alert.id, step, state, dispatchUuid, refusedBecause }, 'workflow.answered')
    if (state === 'sent') await deps.senders.answered(sender, { kind: 'accepted' }, deps.now())
    await follow(alert, plan, step, workflow, deps)
  }
}

async function ask(
  steps: DispatchStep[],
  { vonage, settings }: HandOverDeps,
): Promise<{ dispatchUuid: string } | NotAcceptedError> {
  return vonage.dispatch(buildWorkflow({ senders: settings.senders, steps })).catch((error: unknown) => {
    if (error instanceof NotAcceptedError) return error
    throw error
  })
}

function recordOf(answer: { dispatchUuid: string } | NotAcceptedError): Workflow {
  if (!(answer instanceof NotAcceptedError)) return { state: 'sent', uuid: answer.dispatchUuid }
  const { kind, reason } = answer.outcome
  return { state: 'unknown', ...(kind === 'refused' ? { refusedBecause: reason } : {}) }
}

/** What follows from the record of a hand-over: statuses find the alert, or the walk goes on. */
async function follow(
  alert: Alert,
  plan: AlertPlan,
  step: Step,
  { uuid, refusedBecause }: Workflow,
  deps: HandOverDeps,
): Promise<void> {
  if (refusedBecause !== undefined) return refuse(alert, plan, step, 'refused', refusedBecause, deps)
  if (uuid === undefined) return
  await deps.alerts.setWorkflowOwner(uuid, { alertId: alert.id, round: step.round, user: step.user })
  for (const parked of await deps.ledger.parked(uuid)) {
    await deps.statuses.enqueue({ ...deps.parseStatus(parked), wasParked: true })
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
        ...alertContent(alert, channel, link),
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
    if (!current) return current
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
