import { PostponedError } from '@switchboard/contracts'
import type { OutboundMessage } from '@switchboard/contracts'
import type { Lines } from '@switchboard/store'
import { LONGEST_CALL_SECONDS } from '@switchboard/vonage'

import type { Report } from './combine-reports.ts'

/** Of the request, and of events that are late. */
const SLACK_SECONDS = 30
const LOOK_AGAIN_MS = 2_000

/** Waits until none of our calls is under way with this number. Only calls have a line. */
export async function waitForLine({ id, to, call }: OutboundMessage, { take }: Pick<Lines, 'take'>): Promise<void> {
  if (!call || (await take(to, id, call.ringingSeconds + SLACK_SECONDS))) return
  throw new PostponedError('The number is in a call of ours', LOOK_AGAIN_MS)
}

/** A line is held while its call is under way, and free when the call ends or never was. */
export function createLineReport({ keep, release }: Pick<Lines, 'keep' | 'release'>): Report {
  return {
    async report({ id, to, call }, state) {
      if (call && (state === 'refused' || state === 'suppressed' || state === 'dropped')) await release(to, id)
    },
    async reportStatus(messageId, { channel, to }, { state }) {
      if (channel !== 'voice') return
      if (state === 'submitted') await keep(to, messageId, LONGEST_CALL_SECONDS + SLACK_SECONDS)
      if (state === 'undeliverable') await release(to, messageId)
    },
  }
}
