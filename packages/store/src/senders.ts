import { createHash } from 'node:crypto'

import { admit, afterAnswer, contactId, senderState, takeProbe } from '@switchboard/contracts'
import type { AlertChannel, Recipient, SenderAnswer, SenderState } from '@switchboard/contracts'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

export type SenderId = Pick<SenderState, 'channel' | 'sender'>
export interface SenderChange {
  before: SenderState | undefined
  after: SenderState | undefined
}
export type HeldSender = SenderState & { hold: NonNullable<SenderState['hold']> }

export type Senders = ReturnType<typeof createSenders>

/** Longer than anything waits: a hold that nobody tries to end says nothing any more. */
const KEPT_SECONDS = 7 * 86_400

/** Which of our senders are held, and why. Written by the outbound service, opened by hand in the console. */
export function createSenders(redis: RedisConnection) {
  const records = createRecords(redis, { schema: senderState, key: keys.senderState, ttlSeconds: () => KEPT_SECONDS })

  async function change(
    id: SenderId,
    decide: (current: SenderState | undefined) => SenderState | undefined,
  ): Promise<SenderChange> {
    const name = nameOf(id)
    return records.updateFrom<SenderChange>(
      undefined,
      name,
      (before) => {
        const after = decide(before)
        // An open sender keeps an empty record until it expires: it is one, whoever writes at the same time.
        return after === before ? { result: { before, after } } : { next: after ?? id, result: { before, after } }
      },
      (_before, { hold }) =>
        hold ? redis.zadd(keys.heldSenders, hold.since, name) : redis.zrem(keys.heldSenders, name),
    )
  }

  return {
    get: ({ channel, sender }: SenderId) => records.get(nameOf({ channel, sender })),
    /** Makes a message the one that tries whether a held sender is still held. False when another one was faster. */
    async takeProbe(id: SenderId, messageId: string, now: number): Promise<boolean> {
      const { before, after } = await change(id, (current) => current && takeProbe(current, messageId, now))
      return after !== before || admit(before, messageId, now).kind === 'go'
    },
    /** What the answer to a message tells about its sender. */
    answered: (id: SenderId, answer: SenderAnswer, now: number) =>
      change(id, (current) => afterAnswer(current, id, answer, now)),
    /** By hand: somebody says that what was wrong is mended. The next messages tell. */
    open: (id: SenderId) => change(id, (current) => (current?.hold ? undefined : current)),
    /** Those that are held now, the longest held first. */
    async held(): Promise<HeldSender[]> {
      const names = await redis.zrange(keys.heldSenders, '0', '99')
      const found = await Promise.all(names.map((name) => records.get(name)))
      return found.filter((each) => each !== undefined).filter(isHeld)
    },
  }
}

/** Whom a sender wrote to, where only sameness matters. */
export function recipientDigest(recipient: Recipient): string {
  return createHash('sha256').update(contactId(recipient)).digest('base64url').slice(0, 16)
}

function nameOf({ channel, sender }: { channel: AlertChannel; sender: string }): string {
  return `${channel}:${sender}`
}

function isHeld(state: SenderState): state is HeldSender {
  return state.hold !== undefined
}
