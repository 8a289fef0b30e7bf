import { z } from 'zod'

import { address, channel } from './channel.ts'

/** One part of a long SMS as the SMS API delivers it: every part is a webhook of its own, in any order. */
const smsPart = z.object({
  reference: z.string(),
  total: z.int().min(1).max(255),
  number: z.int().min(1).max(255),
})

/** A picture, a file, a sticker … as it can be fetched. */
const inboundMedia = z.object({
  url: z.string().max(2_000),
  name: z.string().max(200).optional(),
  /** Milliseconds. The provider keeps it for two days (Messages v0.1, "media"). */
  expiresAt: z.int(),
})
export type InboundMedia = z.infer<typeof inboundMedia>

/** What a contact sent us. */
export const inboundMessage = z.object({
  /** The provider's message id. */
  id: z.string().min(1).max(100),
  channel,
  from: address,
  to: address,
  /** `text`, or what it is instead: image, location, reaction … */
  kind: z.string(),
  /** Null unless `kind` is `text` (or a button or list reply, whose title is its text). */
  text: z.string().nullable(),
  /** The words that came with something that is not text: the caption of a picture or a file. */
  caption: z.string().optional(),
  /** What a pressed button or a chosen entry stands for, as whoever sent it named it; its title is the text. */
  payload: z.string().optional(),
  /** Of a reaction. */
  emoji: z.string().max(50).optional(),
  media: inboundMedia.optional(),
  /** The provider's id of the message that it answers or reacts to. */
  quotes: z.string().max(100).optional(),
  /** Milliseconds: when the provider says it was sent (1 s steps), and when it reached us. */
  sentAt: z.int(),
  receivedAt: z.int(),
  part: smsPart.optional(),
})
export type InboundMessage = z.infer<typeof inboundMessage>

/** What a person said by a message, wherever in it: its text, its caption, what its button stands for. */
export type Said = Pick<InboundMessage, 'text' | 'caption' | 'payload'>

/** Order of two messages of one contact: by the provider's second, then by arrival. */
export function isBefore(
  a: Pick<InboundMessage, 'sentAt' | 'receivedAt'>,
  b: Pick<InboundMessage, 'sentAt' | 'receivedAt'>,
): boolean {
  return a.sentAt === b.sentAt ? a.receivedAt < b.receivedAt : a.sentAt < b.sentAt
}

type Moment = Pick<InboundMessage, 'sentAt' | 'receivedAt'>

/**
 * Whether a wish is older than the newest one that is known. Messages have the provider's time, in whole seconds; what comes by
 * a link or from an operator has ours. Of one of each nobody knows which was first when they are close: then the wish to end
 * something counts, so that a STOP right after a yes is never taken for an older one.
 */
export function isOvertaken(wish: Moment & { ends: boolean }, newest: Moment): boolean {
  if (isByOurClock(wish) === isByOurClock(newest)) return isBefore(wish, newest)
  return wish.receivedAt < newest.receivedAt || (!wish.ends && wish.sentAt < newest.sentAt)
}

function isByOurClock({ sentAt, receivedAt }: Moment): boolean {
  return sentAt === receivedAt
}
