import type { InboundMessage, Log } from '@switchboard/contracts'
import type { InboundStore } from '@switchboard/store'

import { isComplete, joinParts } from './join-parts.ts'
import type { Router } from './router.ts'

/** How long the missing parts of a long SMS are waited for. */
const PARTS_WAIT_MS = 5 * 60_000

export interface ReceiveDeps {
  inbound: Pick<InboundStore, 'addPart' | 'parts' | 'isProcessed' | 'markProcessed' | 'openWindow'>
  partialSms: { enqueue(part: InboundMessage, options: { delayMs: number }): Promise<void> }
  router: Router
  now: () => number
  log: Log<'info' | 'warn'>
}

/** Handles an inbound webhook: joins the parts of a long SMS, and lets every message take effect once. */
export function createReceive(deps: ReceiveDeps) {
  return async (message: InboundMessage): Promise<void> => {
    if (!message.part) return routeOnce(message, deps)
    const { previous, ...set } = await deps.inbound.addPart(message)
    // Nobody waits for the rest of it any more: its parts do not come, or it was here while nobody took it.
    if (previous) await routeOnce(joinParts(previous), deps)
    if (isComplete(set)) return routeOnce(joinParts(set), deps)
    await deps.partialSms.enqueue(message, { delayMs: PARTS_WAIT_MS })
    deps.log.info({ inboundId: message.id, parts: set.parts.length, total: message.part.total }, 'sms.part-kept')
  }
}

/** Handles the end of the wait for missing parts: what is here is the message. */
export function createReceivePartial(deps: ReceiveDeps) {
  return async (part: InboundMessage): Promise<void> => {
    const set = await deps.inbound.parts(part)
    if (!set?.parts.some(({ id }) => id === part.id)) return
    if (!isComplete(set)) deps.log.warn({ inboundId: part.id, parts: set.parts.length }, 'sms.incomplete')
    await routeOnce(joinParts(set), deps)
  }
}

/** What a message means is read while Redis says whether it was handled already: somebody waits for the answer. */
async function routeOnce(message: InboundMessage, { inbound, router, now, log }: ReceiveDeps): Promise<void> {
  const [isProcessed, route] = await Promise.all([
    inbound.isProcessed(message.id),
    router.decide(message),
    inbound.openWindow({ channel: message.channel, address: message.from }, message.sentAt, now()),
  ])
  if (isProcessed) {
    log.info({ inboundId: message.id }, 'inbound.duplicate')
    return
  }
  await router.follow(route, message)
  await inbound.markProcessed(message.id)
}
