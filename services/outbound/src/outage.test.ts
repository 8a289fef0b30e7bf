import { outboundQueues } from '@switchboard/contracts'
import type { OutboundMessage } from '@switchboard/contracts'
import { createBackoff } from '@switchboard/queue'
import { NotAcceptedError } from '@switchboard/vonage'
import { expect, it } from 'vitest'

import { fakeLedger, message, sender } from './testing/world.ts'

const MINUTE_MS = 60_000
const { retry } = outboundQueues.sms

/** Lets the queue try a message while Vonage answers 503 for so long; what became of it, and when. */
async function outage(minutes: number, outgoing: OutboundMessage, random: number) {
  const backoff = createBackoff(retry, () => random)
  const clock = { now: 0 }
  const ledger = fakeLedger()
  const sent: number[] = []
  const { send } = sender({
    ledger,
    changes: {
      now: () => clock.now,
      vonage: {
        async send() {
          if (clock.now < minutes * MINUTE_MS) throw new NotAcceptedError({ kind: 'later', reason: 'answered 503' })
          sent.push(clock.now)
          return { messageUuids: ['uuid-1'], parts: 1 }
        },
      },
    },
  })
  for (let attempt = 1; attempt <= retry.attempts; attempt += 1) {
    const isDone = await send(outgoing).then(
      () => true,
      () => false,
    )
    if (isDone) break
    clock.now += backoff(attempt)
  }
  return { state: ledger.state(), sentAfterMinutes: sent.map((at) => at / MINUTE_MS) }
}

it('an outage of half an hour loses no reply whose end has not come, and none waits a minute more', async () => {
  for (let each = 0; each < 36; each += 1) {
    const { state, sentAfterMinutes } = await outage(30, { ...message, createdAt: MINUTE_MS + each * 1_000 }, each / 36)
    expect(state).toBe('accepted')
    expect(sentAfterMinutes[0]).toBeLessThanOrEqual(31)
  }
})

it.each<[string, Partial<OutboundMessage>, number, string]>([
  ['a reply after an hour', {}, 60, 'dropped'],
  [
    'the confirmation of an opt-out after 23 hours',
    { ignoresConsent: true, ignoresReplyLimit: true },
    1_380,
    'accepted',
  ],
  [
    'the confirmation of an opt-out after two days',
    { ignoresConsent: true, ignoresReplyLimit: true },
    2_880,
    'dropped',
  ],
  ['a notification until its end', { purpose: 'notification', expiresAt: 40 * MINUTE_MS }, 39, 'accepted'],
  ['a notification after its end', { purpose: 'notification', expiresAt: 40 * MINUTE_MS }, 41, 'dropped'],
  [
    'an update after the next one is due',
    { purpose: 'feed', expiresAt: MINUTE_MS, about: { kind: 'feed', topic: 'MSFT', tick: 0 } },
    2,
    'dropped',
  ],
])('%s', async (_, changes, minutes, expected) => {
  expect((await outage(minutes, { ...message, ...changes }, 0.5)).state).toBe(expected)
})
