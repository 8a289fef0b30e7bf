import { randomUUID } from 'node:crypto'

import { fetchAnswer, type AnswerDeps, type AnswerUrl } from './answer.ts'
import { isOver, openLeg, type Call, type Taker } from './call.ts'
import type { Ncco } from './ncco.ts'
import { addLine, common, type PerformDeps } from './perform-deps.ts'
import { moved } from './perform.ts'

/** What the person at the phone and the application do with a call that goes on. */
export interface CallControls {
  /** Presses keys one after the other. */
  press(call: Call, digits: string, durationMs: number): void
  /** The person says something; false when nobody listens. */
  say(call: Call, text: string): boolean
  /** False when it does not ring any more. */
  pickUp(call: Call, by: Taker): boolean
  hangUp(call: Call): void
  /** Keys that the application sends, heard by whoever is at that end. */
  sendDigits(call: Call, legUuid: string, digits: string): void
  /** What the application says or plays meanwhile. */
  tell(call: Call, kind: 'talk' | 'action', text: string, language?: string): void
  /** Goes on with other actions. */
  transfer(call: Call, to: Ncco | AnswerUrl): void
}

const SENT_KEY_MS = 200

export function createCallControls(deps: AnswerDeps & Pick<PerformDeps, 'events' | 'changed'>): CallControls {
  return {
    press(call, digits, durationMs) {
      for (const digit of digits) {
        call.onDigit?.(digit)
        openLeg(call)?.socket?.press(digit, durationMs)
        addLine(call, 'dtmf', digit, deps)
        const told = { ...common(call), dtmf: { digits: digit, timed_out: false } }
        if (call.keysUrl !== null) void deps.events.ask(call, told, call.keysUrl)
      }
    },
    say(call, text) {
      addLine(call, 'speech', text, deps)
      const isHeard = call.onSpeech !== null
      call.onSpeech?.(text)
      return isHeard
    },
    pickUp(call, by) {
      if (call.direction !== 'outbound' || isOver(call) || call.answeredAt !== null) return false
      call.pickUp.abort(by)
      return true
    },
    hangUp: (call) => call.hangUp.abort('person'),
    sendDigits(call, legUuid, digits) {
      const leg = call.legs.find(({ uuid }) => uuid === legUuid)
      for (const digit of digits.replaceAll('p', '')) leg?.socket?.press(digit, SENT_KEY_MS)
      addLine(call, 'action', `sends the keys ${digits}`, deps)
    },
    tell: (call, kind, text, language) => addLine(call, kind, text, deps, language),
    transfer: (call, to) => void (Array.isArray(to) ? goOn(call, to, deps) : goOnAsAnswered(call, to, deps)),
  }
}

async function goOnAsAnswered(call: Call, url: AnswerUrl, deps: AnswerDeps & Pick<PerformDeps, 'events'>) {
  const parsed = await fetchAnswer(call, deps, url)
  if (parsed.ok) return goOn(call, parsed.ncco, deps)
  const timestamp = new Date().toISOString()
  await deps.events.ask(call, { reason: parsed.reason, conversation_uuid: call.conversationUuid, timestamp })
}

function goOn(call: Call, ncco: Ncco, deps: Pick<PerformDeps, 'events'>): void {
  moved(call, `CON-${randomUUID()}`, deps)
  call.replacement = ncco
  call.skip.abort()
}
