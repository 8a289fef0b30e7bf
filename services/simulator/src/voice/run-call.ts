import type { Clock } from '../clock.ts'
import { fetchAnswer, type AnswerDeps, type AnswerUrl } from './answer.ts'
import type { CallEvents } from './call-events.ts'
import type { Call, CallState } from './call.ts'
import type { Ncco, ParsedNcco } from './ncco.ts'
import { pause } from './pause.ts'
import type { PerformDeps } from './perform-deps.ts'
import { perform } from './perform.ts'

export interface RunCallDeps extends AnswerDeps, PerformDeps {
  events: CallEvents
  clock: Pick<Clock, 'after'>
  changed: (call: Call) => void
}

export interface CallPlan {
  /** Given with an outbound call; otherwise the answer URL is asked. */
  ncco?: Ncco | undefined
  answer?: Partial<AnswerUrl> | undefined
  /** What becomes of an outbound call: it rings until somebody takes it, nobody can, we are blocked, nobody is there. */
  reaction: 'ring' | 'ignore' | 'decline' | 'unroutable'
  /** After that nobody has answered. */
  ringMs: number
  /** After that the call is cut. */
  longestMs?: number | undefined
  /** What the application wants done when a machine answers. */
  machineDetection?: 'hangup' | 'continue' | undefined
  /** It also wants to know when the machine's tone begins. */
  detectsBeep?: boolean | undefined
  /** In place of an NCCO: a leg of another call. */
  talks?: ((leg: Call) => Promise<void>) | undefined
  /** An application's socket in place of a person; why it could not be opened. */
  opens?: ((call: Call) => Promise<string | null>) | undefined
}

const PRICE_PER_MINUTE = 0.0127

/** The life of one call, from ringing to the last event. Never throws: what goes wrong ends the call. */
export async function runCall(call: Call, plan: CallPlan, deps: RunCallDeps): Promise<void> {
  const { events } = deps
  void events.post(call, 'started')
  setState(call, 'ringing', deps)
  void events.post(call, 'ringing')
  const first = call.direction === 'inbound' ? await inbound(call, plan, deps) : await outbound(call, plan, deps)
  if (first === null || call.hangUp.signal.aborted) {
    end(call, call.hangUp.signal.aborted && call.state === 'ringing' ? 'cancelled' : call.state, deps)
  } else if (first.ok) {
    answered(call, deps)
    const cancelEnd = plan.longestMs === undefined ? null : deps.clock.after(plan.longestMs, () => call.hangUp.abort())
    if (plan.machineDetection) tellTaker(call, plan, deps)
    if (plan.machineDetection !== 'hangup' || !isMachine(call)) {
      await (plan.talks ? plan.talks(call) : runActions(call, first.ncco, deps))
    }
    cancelEnd?.()
    for (const finish of call.atEnd) finish()
    complete(call, deps)
  } else {
    const timestamp = new Date().toISOString()
    void events.ask(call, { reason: first.reason, conversation_uuid: call.conversationUuid, timestamp })
    complete(call, deps)
  }
  await events.settled(call)
}

async function inbound(call: Call, plan: CallPlan, deps: RunCallDeps): Promise<ParsedNcco> {
  return fetchAnswer(call, deps, plan.answer)
}

/** Rings; null when nobody took the call. */
async function outbound(call: Call, plan: CallPlan, deps: RunCallDeps): Promise<ParsedNcco | null> {
  const problem = plan.reaction === 'unroutable' ? 'cannot_route' : await plan.opens?.(call)
  if (problem) return refused(call, 'failed', 'cannot_route', deps)
  if (!plan.opens) {
    await pause(plan.ringMs, AbortSignal.any([call.hangUp.signal, call.pickUp.signal]), deps.clock)
    const isDeclined = plan.reaction === 'decline' || isHungUpByPerson(call)
    if (call.hangUp.signal.aborted && !isDeclined) return null
    if (isDeclined || !call.pickUp.signal.aborted || plan.reaction !== 'ring') {
      return refused(call, isDeclined ? 'rejected' : 'unanswered', refusal(isDeclined, plan), deps)
    }
  }
  if (plan.talks) return { ok: true, ncco: [] }
  return plan.ncco ? { ok: true, ncco: plan.ncco } : fetchAnswer(call, deps, plan.answer)
}

function refused(call: Call, state: 'failed' | 'rejected' | 'unanswered', detail: string, deps: RunCallDeps): null {
  call.state = state
  call.following = deps.events.post(call, state, { detail })
  return null
}

function refusal(isDeclined: boolean, { reaction }: CallPlan): string {
  if (isDeclined) return 'declined'
  return reaction === 'ring' ? 'timeout' : 'unavailable'
}

function isMachine(call: Call): boolean {
  return call.pickUp.signal.reason === 'machine'
}

/** These name the leg differently from all other events. */
function tellTaker(call: Call, { detectsBeep }: CallPlan, { events }: Pick<RunCallDeps, 'events'>): void {
  const leg = { uuid: undefined, call_uuid: call.uuid }
  void events.post(call, isMachine(call) ? 'machine' : 'human', leg)
  if (isMachine(call) && detectsBeep === true) void events.post(call, 'machine', { ...leg, sub_state: 'beep_start' })
}

async function runActions(call: Call, ncco: Ncco, deps: RunCallDeps): Promise<void> {
  call.ncco = ncco
  let actions = ncco
  while (!call.hangUp.signal.aborted) {
    const [action, ...rest] = actions
    if (!action) return
    call.skip = new AbortController()
    const replacement = await perform(call, action, deps)
    actions = call.replacement ?? replacement ?? rest
    if (call.replacement ?? replacement) call.ncco = actions
    call.replacement = null
  }
}

function answered(call: Call, deps: RunCallDeps): void {
  call.answeredAt = new Date().toISOString()
  setState(call, 'answered', deps)
  void deps.events.post(call, 'answered', { start_time: null, rate: null, network: null })
}

function complete(call: Call, deps: RunCallDeps): void {
  call.endedAt = new Date().toISOString()
  const startedAt = call.answeredAt ?? call.endedAt
  const seconds = Math.ceil((Date.parse(call.endedAt) - Date.parse(startedAt)) / 1_000)
  void deps.events.post(call, 'completed', {
    start_time: startedAt,
    end_time: call.endedAt,
    duration: String(seconds),
    rate: PRICE_PER_MINUTE.toFixed(8),
    price: ((seconds / 60) * PRICE_PER_MINUTE).toFixed(8),
    network: '23410',
    disconnected_by: isHungUpByPerson(call) ? 'user' : 'platform',
  })
  setState(call, 'completed', deps)
}

function end(call: Call, state: CallState, deps: RunCallDeps): void {
  call.endedAt = new Date().toISOString()
  if (state === 'cancelled') void deps.events.post(call, 'cancelled')
  setState(call, state, deps)
}

/** As opposed to a request of the application. */
function isHungUpByPerson(call: Call): boolean {
  return call.hangUp.signal.reason === 'person'
}

function setState(call: Call, state: CallState, deps: Pick<RunCallDeps, 'changed'>): void {
  call.state = state
  deps.changed(call)
}
