import { z } from 'zod'

import { contact } from './contact.ts'

/** A wish about one contact's subscription. The times order it against other wishes of the same contact. */
export const subscriptionRequest = z.object({
  id: z.string().min(1).max(40),
  contact,
  action: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('subscribe'), topic: z.string() }),
    /** With a topic: ends that one, and nothing else. */
    z.object({ kind: z.literal('unsubscribe'), topic: z.string().optional() }),
  ]),
  source: z.enum(['text', 'signup', 'operator']),
  sentAt: z.int(),
  receivedAt: z.int(),
})
export type SubscriptionRequest = z.infer<typeof subscriptionRequest>
