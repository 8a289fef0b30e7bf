import { createHash } from 'node:crypto'

import { z } from 'zod'

import { address, channel } from './channel.ts'
import { messageOptions } from './message-content.ts'
import { messageTemplate } from './message-template.ts'
import { feedSubject } from './outbound-message.ts'
import type { OutboundMessage } from './outbound-message.ts'

/** More would save little, and be lost together. */
export const MAX_PACK_SIZE = 50

/** Somebody who was erased: the others keep their places. */
export const ERASED = ''

/** One update for many subscribers of one channel. */
export const messagePack = z.object({
  id: z.string().regex(/^pack-[\w-]{22}$/),
  channel,
  /** The place of a recipient makes the id of the message. */
  to: z
    .array(z.union([address, z.literal(ERASED)]))
    .min(1)
    .max(MAX_PACK_SIZE),
  text: z.string().min(1).max(4096),
  createdAt: z.int(),
  expiresAt: z.int(),
  template: messageTemplate.optional(),
  options: messageOptions.exactOptional(),
  about: feedSubject,
})
export type MessagePack = z.infer<typeof messagePack>

/** The same parts always make the same id. */
export function packId(...parts: (string | number)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
  return `pack-${digest.slice(0, 22)}`
}

const IN_PACK = /^(pack-[\w-]{22})\.(\d{1,2})$/

/** Where the message with this id is; undefined when it is in no pack. */
export function placeInPack(messageId: string): { packId: string; place: string } | undefined {
  const [, id, place] = IN_PACK.exec(messageId) ?? []
  return id === undefined || place === undefined ? undefined : { packId: id, place }
}

/** The messages of a pack, those of persons who were erased left out. Each could be sent alone. */
export function messagesOf({ id, to, ...shared }: MessagePack): OutboundMessage[] {
  return to.flatMap((recipient, place): OutboundMessage[] =>
    recipient === ERASED ? [] : [{ ...shared, id: `${id}.${place}`, to: recipient, purpose: 'feed' }],
  )
}
