import { PermanentError } from '@switchboard/contracts'
import type {
  CallEvent,
  Enqueue,
  InboundMessage,
  Log,
  StatusWebhook,
  UnrecognisedWebhook,
} from '@switchboard/contracts'
import type { ReadWebhook } from '@switchboard/vonage'

export interface KeptWebhookDeps {
  read: (webhook: UnrecognisedWebhook) => ReadWebhook
  inbound: Enqueue<InboundMessage>
  status: Enqueue<StatusWebhook>
  callEvents: Enqueue<CallEvent>
  log: Log
}

/**
 * A webhook that ingress did not understand, read again: at once by a newer deploy, else whenever somebody retries the
 * job. What follows has the ids that it would have had, so a second replay has no second effect. Throws PermanentError
 * while it is not understood: the job is kept as a failed one, and says why.
 */
export function createKeptWebhookHandler({ read, inbound, status, callEvents, log }: KeptWebhookDeps) {
  return async (webhook: UnrecognisedWebhook): Promise<void> => {
    const result = read(webhook)
    const fields = { webhookId: webhook.id, route: webhook.route }
    switch (result.kind) {
      case 'inbound':
        await inbound.enqueue(result.value)
        break
      case 'status':
        await status.enqueue(result.value)
        break
      case 'call-event':
        await callEvents.enqueue(result.value)
        break
      case 'ignored':
        log.info({ ...fields, reason: result.reason }, 'webhook.ignored')
        return
      case 'unrecognised':
        throw new PermanentError(`Not understood: ${result.problem}`)
    }
    log.info({ ...fields, as: result.kind }, 'webhook.replayed')
  }
}
