import type { Person } from '../people.ts'
import type { World } from '../world.ts'
import { createCall, createInbound, type Call } from './call.ts'
import { newLeg, openLegSocket } from './connect-websocket.ts'
import type { Destination } from './destination.ts'
import type { PerformDeps } from './perform-deps.ts'
import { runCall, type CallPlan, type RunCallDeps } from './run-call.ts'

export interface CallOrder {
  from: string
  to: Destination
  plan: Partial<CallPlan>
  eventUrl?: string | undefined
  eventMethod?: 'GET' | 'POST' | undefined
}

/** Begins calls and looks after them until they are over. */
export interface Exchange {
  dial(from: string, to: string): Call
  place(order: CallOrder): Call
  /** All calls that go on. */
  running: Set<Promise<void>>
}

const RING_MS = 60_000
/** Networks know at once that a phone is off, and that we are blocked. */
const REFUSE_MS = 1_500

type ExchangeDeps = Pick<World, 'people'> & Omit<RunCallDeps, 'ringLeg'>

export function createExchange(world: ExchangeDeps, began: (call: Call) => void): Exchange {
  const running = new Set<Promise<void>>()
  const deps = { ...world, ringLeg }

  const start = (call: Call, plan: CallPlan) => {
    began(call)
    const run = runCall(call, plan, deps)
    running.add(run)
    void run.finally(() => running.delete(run))
    return run
  }
  const begin = ({ from, to, plan, eventUrl, eventMethod }: CallOrder, of?: Call) => {
    const call = createCall('outbound', from, to)
    call.eventUrl = eventUrl ?? of?.eventUrl ?? null
    call.eventMethod = eventMethod ?? of?.eventMethod ?? null
    if (of) call.conversationUuid = of.conversationUuid
    const ended = start(call, { ringMs: RING_MS, ...plan, ...reactionTo(call, to, deps) })
    return { call, ended }
  }
  function ringLeg({ of, ...order }: Parameters<PerformDeps['ringLeg']>[0]) {
    const { call: leg, ended } = begin(order, of)
    return { leg, ended }
  }
  return {
    dial(from, to) {
      world.people.ensure('sms', from)
      const call = createInbound(from, to)
      void start(call, { reaction: 'ring', ringMs: 0 })
      return call
    },
    place: (order) => begin(order).call,
    running,
  }
}

/** What the other end does when it is called. */
function reactionTo(
  call: Call,
  { rings, socket }: Destination,
  deps: ExchangeDeps & PerformDeps,
): Pick<CallPlan, 'reaction'> & Partial<CallPlan> {
  if (socket) return { reaction: 'ring', opens: () => openAsCall(call, socket, deps) }
  return rings === null ? { reaction: 'unroutable' } : reactionOf(deps.people.ensure('sms', rings))
}

function reactionOf({ switches: { blocked, power, roaming } }: Person): Pick<CallPlan, 'reaction'> & Partial<CallPlan> {
  if (blocked) return { reaction: 'decline', ringMs: REFUSE_MS }
  return power && !roaming ? { reaction: 'ring' } : { reaction: 'ignore', ringMs: REFUSE_MS }
}

/** The socket is the call: whoever closes it hangs up. Null when it is open, else why not. */
async function openAsCall(
  call: Call,
  socket: NonNullable<Destination['socket']>,
  deps: PerformDeps,
): Promise<string | null> {
  const leg = newLeg(socket, call.uuid)
  call.legs.push(leg)
  const problem = await openLegSocket(call, leg, deps)
  void leg.socket?.ended.then(() => call.hangUp.abort('person'))
  call.hangUp.signal.addEventListener('abort', () => leg.socket?.hangUp())
  call.atEnd.push(() => leg.socket?.hangUp())
  return problem
}
