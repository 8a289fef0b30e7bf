import { setTimeout as waitReal } from 'node:timers/promises'

import { createHttpClient } from '../webhooks/post.ts'
import type { World } from '../world.ts'
import { createCallControls, type CallControls } from './call-controls.ts'
import { createCallEvents } from './call-events.ts'
import { isOver, viewOfCall, type Call } from './call.ts'
import { createConversations } from './conversations.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { createRecordings } from './recordings.ts'

export interface Calls extends CallControls, Pick<Exchange, 'dial' | 'place'> {
  get(uuid: string): Call | null
  /** By the id of the call or of one of its legs. */
  findLeg(uuid: string): { call: Call; isLeg: boolean } | null
  list(): Call[]
  /** A finished recording as a WAV file. */
  recording(id: string): Buffer | null
  reset(): void
  close(): Promise<void>
}

const ANSWER_TIMEOUTS = { connectMs: 1_000, responseMs: 5_000 }
const EVENT_TIMEOUTS = { connectMs: 1_000, responseMs: 10_000 }
const KEPT_CALLS = 500

type CallsDeps = Pick<World, 'self' | 'account' | 'log' | 'clock' | 'credentials' | 'webhooks' | 'people' | 'feed'>

export function createCalls(world: CallsDeps): Calls {
  const calls = new Map<string, Call>()
  const answerHttp = createHttpClient(ANSWER_TIMEOUTS)
  const eventHttp = createHttpClient(EVENT_TIMEOUTS)
  const changed = (call: Call) => world.feed.publish('calls', call.uuid, () => viewOfCall(call))
  const events = createCallEvents({ ...world, eventHttp, changed })
  const recordings = createRecordings()
  const deps = { ...world, answerHttp, events, changed, recordings, conversations: createConversations() }
  const exchange = createExchange(deps, (call) => {
    calls.set(call.uuid, call)
    if (calls.size > KEPT_CALLS) forgetOldest(calls)
  })
  const hangUpAll = () => {
    for (const call of calls.values()) call.hangUp.abort()
  }
  return {
    ...createCallControls(deps),
    dial: (from, to) => exchange.dial(from, to),
    place: (order) => exchange.place(order),
    get: (uuid) => calls.get(uuid) ?? null,
    findLeg(uuid) {
      const call = calls.get(uuid)
      if (call) return { call, isLeg: false }
      const owner = [...calls.values()].find(({ legs }) => legs.some((leg) => leg.uuid === uuid))
      return owner ? { call: owner, isLeg: true } : null
    },
    list: () => [...calls.values()],
    recording: (id) => recordings.get(id),
    reset() {
      hangUpAll()
      calls.clear()
      recordings.reset()
    },
    async close() {
      hangUpAll()
      await Promise.race([Promise.allSettled(exchange.running), waitReal(2_000, undefined, { ref: false })])
      await Promise.all([answerHttp.close(), eventHttp.close()])
    },
  }
}

function forgetOldest(calls: Map<string, Call>): void {
  for (const [uuid, call] of calls) {
    if (!isOver(call)) continue
    calls.delete(uuid)
    return
  }
}
