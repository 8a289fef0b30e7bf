import { isChannel, outboundQueues, packQueues } from '@switchboard/contracts'
import type { QueueName } from '@switchboard/contracts'
import type { QueueState } from '@switchboard/queue'
import type { HeldSender } from '@switchboard/store'
import type { FastifyRequest } from 'fastify'

/** A sender that Vonage refuses to send from, as every page shows it. */
export interface HeldView {
  channel: HeldSender['channel']
  sender: string
  since: number
  reason: string
  refusals: number
  nextProbeAt: number
  /** Jobs of its channel that wait. */
  waiting: number
}

export interface HeldDeps {
  readHeld: () => Promise<HeldSender[]>
  readQueues: () => Promise<QueueState[]>
}

const shown = new WeakMap<FastifyRequest, HeldView[]>()

/** For the layout: empty where nothing is known, so that a page never fails because of what stands above it. */
export function heldOf(request: FastifyRequest): HeldView[] {
  return shown.get(request) ?? []
}

/** Looks before each page whether a sender is held. */
export function createHeldLook(deps: HeldDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    if (request.headers['hx-request']) return
    const views = await viewHeld(deps).catch((error: unknown) => {
      request.log.warn({ error }, 'held-senders.unreadable')
      return []
    })
    if (views.length > 0) shown.set(request, views)
  }
}

/** What leaves on a channel: messages, and packs of them. */
export function queuesOf(on: HeldSender['channel']): QueueName[] {
  return [outboundQueues[on].name, ...(isChannel(on) ? [packQueues[on].name] : [])]
}

function waitingIn(state: QueueState | undefined): number {
  return (state?.delayed ?? 0) + (state?.waiting ?? 0)
}

/** The senders that are held now, and what waits for each. */
export async function viewHeld({ readHeld, readQueues }: HeldDeps): Promise<HeldView[]> {
  const held = await readHeld()
  if (held.length === 0) return []
  const queues = new Map((await readQueues()).map((queue) => [queue.name, queue]))
  return held.map(({ channel, sender, hold }) => {
    const { since, reason, refusals, nextProbeAt } = hold
    const waiting = queuesOf(channel).reduce((sum, name) => sum + waitingIn(queues.get(name)), 0)
    return { channel, sender, since, reason, refusals, nextProbeAt, waiting }
  })
}
