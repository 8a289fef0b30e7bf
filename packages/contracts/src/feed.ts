import { z } from 'zod'

import { contact } from './contact.ts'

/** Ask a topic's source for its current value, or, with `update`, take this one. */
export const feedRefresh = z.object({
  topic: z.string(),
  update: z.object({ id: z.string().max(40), value: z.string().min(1).max(500), at: z.int() }).optional(),
})
export type FeedRefresh = z.infer<typeof feedRefresh>

/** Where a page of subscribers begins. */
const pagePlace = z.object({
  /** The last contact of the page before, empty for the first. */
  after: z.string(),
  /** Where a fan-out of many pages began: not always with the same people. Goes on from the first to there. */
  start: z.string().optional(),
  isSecondHalf: z.boolean().optional(),
})

/** Contact ids, and the page after them. */
export const subscriberPage = z.object({ ids: z.array(z.string()), next: pagePlace.optional() })
export type SubscriberPage = z.infer<typeof subscriberPage>

/** One page of the fan-out of one update. */
export const feedFanout = pagePlace.extend({
  topic: z.string(),
  tick: z.int(),
  text: z.string().min(1).max(4096),
  /** Who they were when the page was worked first: worked again, it must make the same packs of them. */
  found: subscriberPage.optional(),
  createdAt: z.int(),
  /** When the next update makes this one stale. */
  expiresAt: z.int(),
})
export type FeedFanout = z.infer<typeof feedFanout>

/** A subscriber whose quiet hours last until then: gets the newest update when they end. */
export const heldFeed = z.object({ topic: z.string(), contact, until: z.int() })
export type HeldFeed = z.infer<typeof heldFeed>
