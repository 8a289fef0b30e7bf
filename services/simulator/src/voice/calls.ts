import { setTimeout as waitReal } from 'node:timers/promises'

import type { Person } from '../people.ts'
import { createHttpClient } from '../webhooks/post.ts'
import type { World } from '../world.ts'
import { createCallEvents } from './call-events.ts'
import { createCall, isOver, openLeg, viewOfCall, type Call, type Taker } from './call.ts'
import { addLine } from './perform.ts'
import { runCall, type CallPlan } from './run-call.ts'

export interface Calls {
  /** A person calls us. */
  dial(from: string, to: string): Call
  /** We call a person, whose phone rings. */
  place(from: string, to: string, plan: Partial<CallPlan>, eventUrl?: string): Call
  get(uuid: string): Call | null
  /** By the id of the call or of one of its legs. */
  findLeg(uuid: string): { call: Call; isLeg: boolean } | null
  list(): Call[]
  /** Presses keys one after the other. */
  press(call: Call, digits: string, durationMs: number): void
  /** False when it does not ring any more. */
  pickUp(call: Call, by: Taker): boolean
  hangUp(call: Call): void
  reset(): void
  close(): Promise<void>
}

const ANSWER_TIMEOUTS = { connectMs: 1_000, responseMs: 5_000 }
const EVENT_TIMEOUTS = { connectMs: 1_000, responseMs: 10_000 }
const KEPT_CALLS = 500
const RING_MS = 60_000
/** Networks know at once that a phone is off, and that we are blocked. */
const REFUSE_MS = 1_500

type CallsDeps = Pick<World, 'self' | 'account' | 'log' | 'clock' | 'credentials' | 'webhooks' | 'people' | 'feed'>

export function createCalls(world: CallsDeps): Calls {
  const calls = new Map<string, Call>()
  const running = new Set<Promise<void>>()
  const answerHttp = createHttpClient(ANSWER_TIMEOUTS)
  const eventHttp = createHttpClient(EVENT_TIMEOUTS)
  const changed = (call: Call) => world.feed.publish('calls', call.uuid, () => viewOfCall(call))
  const events = createCallEvents({ ...world, eventHttp, changed })
  const deps = { ...world, answerHttp, events, changed }

  const start = (call: Call, plan: CallPlan) => {
    calls.set(call.uuid, call)
    if (calls.size > KEPT_CALLS) forgetOldest(calls)
    const run = runCall(call, plan, deps)
    running.add(run)
    void run.finally(() => running.delete(run))
    return call
  }
  const hangUpAll = () => {
    for (const call of calls.values()) call.hangUp.abort()
  }
  return {
    dial(from, to) {
      world.people.ensure('sms', from)
      return start(createCall('inbound', from, to), { reaction: 'ring', ringMs: 0 })
    },
    place(from, to, plan, eventUrl) {
      const call = createCall('outbound', from, to)
      call.eventUrl = eventUrl ?? null
      return start(call, { ringMs: RING_MS, ...plan, ...reactionOf(world.people.ensure('sms', to)) })
    },
    get: (uuid) => calls.get(uuid) ?? null,
    findLeg(uuid) {
      const call = calls.get(uuid)
      if (call) return { call, isLeg: false }
      const owner = [...calls.values()].find(({ legs }) => legs.some((leg) => leg.uuid === uuid))
      return owner ? { call: owner, isLeg: true } : null
    },
    list: () => [...calls.values()],
    press(call, digits, durationMs) {
      for (const digit of digits) {
        call.onDigit?.(digit)
        openLeg(call)?.socket?.press(digit, durationMs)
        addLine(call, 'dtmf', digit, deps)
      }
    },
    pickUp,
    hangUp: (call) => call.hangUp.abort('person'),
    reset() {
      hangUpAll()
      calls.clear()
    },
    async close() {
      hangUpAll()
      await Promise.race([Promise.allSettled(running), waitReal(2_000, undefined, { ref: false })])
      await Promise.all([answerHttp.close(), eventHttp.close()])
    },
  }
}

function pickUp(call: Call, by: Taker): boolean {
  if (call.direction !== 'outbound' || isOver(call) || call.answeredAt !== null) return false
  call.pickUp.abort(by)
  return true
}

function reactionOf({ switches: { blocked, power, roaming } }: Person): Pick<CallPlan, 'reaction'> & Partial<CallPlan> {
  if (blocked) return { reaction: 'decline', ringMs: REFUSE_MS }
  return power && !roaming ? { reaction: 'ring' } : { reaction: 'ignore', ringMs: REFUSE_MS }
}

function forgetOldest(calls: Map<string, Call>): void {
  for (const [uuid, call] of calls) {
    if (!isOver(call)) continue
    calls.delete(uuid)
    return
  }
}
