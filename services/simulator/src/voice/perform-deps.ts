import type { Clock } from '../clock.ts'
import type { Credentials } from '../credentials.ts'
import type { People } from '../people.ts'
import type { RequestLog } from '../request-log.ts'
import type { Self } from '../vonage/self.ts'
import type { CallEvents } from './call-events.ts'
import type { Call } from './call.ts'
import type { Conversations } from './conversations.ts'
import type { Destination } from './destination.ts'
import type { Recordings } from './recordings.ts'
import type { CallPlan } from './run-call.ts'

export interface PerformDeps {
  self: Pick<Self, 'url'>
  clock: Pick<Clock, 'after'>
  credentials: Credentials
  people: Pick<People, 'list'>
  log: Pick<RequestLog, 'add'>
  events: CallEvents
  conversations: Conversations
  recordings: Recordings
  changed: (call: Call) => void
  /** Rings at somebody's phone as a leg of this call. */
  ringLeg(order: LegOrder): { leg: Call; ended: Promise<void> }
}

export interface LegOrder {
  of: Call
  from: string
  to: Destination
  eventUrl: string | undefined
  eventMethod: 'GET' | 'POST' | undefined
  plan: Partial<CallPlan>
}

/** What every event that is the result of an action carries. */
export function common(call: Call): Record<string, unknown> {
  return {
    from: call.from,
    to: call.to,
    uuid: call.uuid,
    conversation_uuid: call.conversationUuid,
    timestamp: new Date().toISOString(),
  }
}

export function addLine(
  call: Call,
  kind: Call['lines'][number]['kind'],
  text: string,
  deps: Pick<PerformDeps, 'changed'>,
  language?: string,
) {
  call.lines.push({ at: new Date().toISOString(), kind, text, ...(language === undefined ? {} : { language }) })
  deps.changed(call)
}

/** Until the call is over, or somebody put other actions in the place of this one. */
export function untilLeft({ hangUp, skip }: Pick<Call, 'hangUp' | 'skip'>): Promise<void> {
  const signal = AbortSignal.any([hangUp.signal, skip.signal])
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
