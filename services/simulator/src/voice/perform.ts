import type { Call } from './call.ts'
import { collectInput } from './collect-input.ts'
import { connectPhone } from './connect-phone.ts'
import { connectWebsocket } from './connect-websocket.ts'
import { destinationOf } from './destination.ts'
import type { ConnectAction, ConversationAction, Ncco, NccoAction, TalkAction } from './ncco.ts'
import { pause } from './pause.ts'
import { addLine, common, untilLeft, type PerformDeps } from './perform-deps.ts'
import { record, startRecording } from './recordings.ts'

const TALK_MS_PER_CHARACTER = 35
const LONGEST_TALK_MS = 4_000

/** Carries out one action; an NCCO comes back when an event's answer replaced what was to follow. */
export async function perform(call: Call, action: NccoAction, deps: PerformDeps): Promise<Ncco | null> {
  switch (action.action) {
    case 'talk':
      return talk(call, action, deps)
    case 'connect':
      return connect(call, action, deps)
    case 'input':
      return collectInput(call, action, deps)
    case 'record':
      return record(call, action, deps)
    case 'conversation':
      return confer(call, action, deps)
    case 'stream':
      addLine(call, 'action', `plays ${action.streamUrl[0] ?? ''}`, deps)
      await wait(1_000, call, deps)
      return null
    case 'wait':
      await wait((action.timeout ?? 10) * 1_000, call, deps)
      return null
    case 'notify': {
      const body = { ...common(call), payload: action.payload }
      return deps.events.ask(call, body, action.eventUrl[0], action.eventMethod)
    }
    case 'pay':
    case 'transfer':
      addLine(call, 'note', `${action.action} has no effect in the simulator`, deps)
      return null
  }
}

/** One that may be interrupted goes on while the `input` after it collects keys. */
async function talk(call: Call, { text, language, bargeIn }: TalkAction, deps: PerformDeps): Promise<null> {
  addLine(call, 'talk', text.replaceAll(/<[^>]*>/g, ''), deps, language)
  const speaksMs = Math.min(text.length * TALK_MS_PER_CHARACTER, LONGEST_TALK_MS)
  call.speaksMs = bargeIn ? speaksMs : 0
  if (!bargeIn) await wait(speaksMs, call, deps)
  return null
}

async function connect(call: Call, action: ConnectAction, deps: PerformDeps): Promise<Ncco | null> {
  const [endpoint] = action.endpoint
  if (!endpoint) return null
  if (endpoint.type === 'websocket') return connectWebsocket(call, action, endpoint, deps)
  return connectPhone(call, action, destinationOf(endpoint, deps.people), deps)
}

/** In a room with whoever else is in it, until somebody leaves it who ends it for all. */
async function confer(call: Call, action: ConversationAction, deps: PerformDeps): Promise<null> {
  const room = deps.conversations.join(action.name, call)
  moved(call, room.uuid, deps)
  addLine(call, 'action', `in the conversation ${action.name}, ${room.members.size} there`, deps)
  if (action.record) room.finishRecording ??= startRecording(call, action, deps)
  await untilLeft(call)
  deps.conversations.leave(action.name, call)
  if (action.endOnExit === true) for (const other of room.members) other.hangUp.abort()
  return null
}

/** Every call that goes on elsewhere says from where and to where. */
export function moved(call: Call, conversationUuid: string, { events }: Pick<PerformDeps, 'events'>): void {
  const from = call.conversationUuid
  call.conversationUuid = conversationUuid
  void events.ask(call, { ...common(call), conversation_uuid_from: from, conversation_uuid_to: conversationUuid })
}

function wait(ms: number, call: Call, deps: PerformDeps): Promise<void> {
  return pause(ms, AbortSignal.any([call.hangUp.signal, call.skip.signal]), deps.clock)
}
