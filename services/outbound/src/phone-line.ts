import { PostponedError } from '@switchboard/contracts'
import type { MessageStatus, OutboundMessage } from '@switchboard/contracts'
import { uuidInCall } from '@switchboard/store'
import type { CallCeiling, Lines, WaitingCalls } from '@switchboard/store'
import { LONGEST_CALL_SECONDS } from '@switchboard/vonage'

import type { Report } from './combine-reports.ts'

/** Of the request, and of events that are late. */
const SLACK_SECONDS = 30
const LOOK_AGAIN_MS = 2_000

export interface PhoneLineDeps {
  lines: Pick<Lines, 'take' | 'release'>
  waitingCalls: Pick<WaitingCalls, 'joinedLeg' | 'wait' | 'leave'>
  callCeiling: Pick<CallCeiling, 'take'>
  now: () => number
}

/** The leg of the call in which a message has been said while it waited: it needs none of its own. Undefined when none. */
export async function joinedCall(
  { id, to, call }: OutboundMessage,
  { waitingCalls }: Pick<PhoneLineDeps, 'waitingCalls'>,
): Promise<string | undefined> {
  return call && waitingCalls.joinedLeg(to, id)
}

/** Waits until none of our calls is under way with this number; it may join that one. Only calls have a line. */
export async function waitForLine(message: OutboundMessage, deps: PhoneLineDeps): Promise<void> {
  const { lines, waitingCalls } = deps
  const { id, to, call } = message
  if (!call) return
  if (await lines.take(to, id, call.ringingSeconds + SLACK_SECONDS)) {
    if ((await waitingCalls.leave(to, id)) === undefined) return
    // It joined at the last moment: the next look finds that.
    await lines.release(to, id)
  } else await waitingCalls.wait(message, deps.now())
  throw new PostponedError('The number is in a call of ours', LOOK_AGAIN_MS)
}

/** Whether the number has been called often enough for this hour. Asked by what has its line: what joins a call is none. */
export async function isCalledEnough(
  { id, to, call }: OutboundMessage,
  { callCeiling }: Pick<PhoneLineDeps, 'callCeiling'>,
): Promise<boolean> {
  return call !== undefined && !(await callCeiling.take(to, id))
}

/** A line is held while its call is under way, and free when the call ends or never was. */
export function createLineReport({
  lines,
  waitingCalls,
}: {
  lines: Pick<Lines, 'keep' | 'release'>
  waitingCalls: Pick<WaitingCalls, 'leave'>
}): Report {
  return {
    async report({ id, to, call }, state) {
      if (!call || (state !== 'refused' && state !== 'suppressed' && state !== 'dropped')) return
      await lines.release(to, id)
      await waitingCalls.leave(to, id)
    },
    async reportStatus(messageId, { channel, to }, { state }) {
      if (channel !== 'voice') return
      if (state === 'submitted') await lines.keep(to, messageId, LONGEST_CALL_SECONDS + SLACK_SECONDS)
      if (state === 'undeliverable') await lines.release(to, messageId)
    },
  }
}

/** What the end of a call says about the messages that joined it; what was asked for its price is the first one's. */
export async function outcomesOfJoined(
  { price: _price, currency: _currency, ...outcome }: MessageStatus,
  number: string,
  { waitingCalls }: { waitingCalls: Pick<WaitingCalls, 'list'> },
): Promise<MessageStatus[]> {
  if (outcome.state !== 'undeliverable') return []
  const leg = outcome.messageUuid
  const joined = (await waitingCalls.list(number)).filter((each) => each.joined?.leg === leg)
  return joined.map(({ messageId }) => ({
    ...outcome,
    messageUuid: uuidInCall(leg, messageId),
    clientRef: messageId,
  }))
}
