import type { AlertAttention, Enqueue, Log, MessageState, StatusWebhook } from '@switchboard/contracts'
import type { Alerts, Ledger } from '@switchboard/store'

export interface WorkflowStatusDeps {
  alerts: Pick<Alerts, 'workflowOwner' | 'get' | 'plan'>
  ledger: Pick<Ledger, 'park'>
  attention: Enqueue<AlertAttention>
  now: () => number
  log: Log
}

/**
 * Handles what Vonage's Dispatch reports about a workflow of ours: the status of one of its messages, or the final
 * report. Its messages are not in the ledger: Vonage made them. Resolves to false when the workflow is not ours.
 */
export function createWorkflowStatus({ alerts, ledger, attention, now, log }: WorkflowStatusDeps) {
  return async (webhook: StatusWebhook): Promise<boolean> => {
    const { dispatchUuid } = webhook
    if (dispatchUuid === undefined) return false
    let owner = await alerts.workflowOwner(dispatchUuid)
    if (!owner) {
      // It may overtake the answer to our own request: kept where the walker looks once it has the answer.
      await ledger.park(webhook, dispatchUuid)
      owner = await alerts.workflowOwner(dispatchUuid)
    }
    if (!owner) return false
    const outcome = await readOutcome(webhook, owner, alerts)
    if (outcome) {
      const { alertId, round, user } = owner
      const step = { alertId, round, user, channel: outcome.channel }
      await attention.enqueue({
        alertId,
        at: now(),
        evidenceId: `${dispatchUuid}.${outcome.channel}.${outcome.state}`,
        evidence: { kind: 'outcome', step, state: outcome.state, reason: outcome.reason },
      })
    }
    log.info({ alertId: owner.alertId, state: outcome?.state }, 'workflow.status')
    return true
  }
}

async function readOutcome(
  webhook: StatusWebhook,
  owner: { alertId: string; user: number },
  alerts: WorkflowStatusDeps['alerts'],
): Promise<{ channel: number; state: MessageState; reason: string | undefined } | undefined> {
  const alert = await alerts.get(owner.alertId)
  const user = alert && (await alerts.plan(alert.planId)).users[owner.user]
  if (!user) return undefined
  const last = user.channels.length - 1
  if (webhook.kind === 'dispatch-report') {
    return webhook.status === 'error' ? { channel: last, state: 'rejected', reason: 'the workflow failed' } : undefined
  }
  const sameChannel = user.channels.findIndex(({ channel, to }) => channel === webhook.channel && to === webhook.to)
  const channel = sameChannel >= 0 ? sameChannel : user.channels.findIndex((each) => each.channel === webhook.channel)
  return channel < 0 ? undefined : { channel, state: webhook.state, reason: webhook.error?.reason }
}
