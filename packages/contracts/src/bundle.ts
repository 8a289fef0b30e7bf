import { z } from 'zod'

import { address, channel } from './channel.ts'
import { bundleMember } from './outbound-message.ts'
import type { BundleMember } from './outbound-message.ts'

/** So many codes fit into the shortest text there is, that of Messenger, beside a link. */
export const MAX_BUNDLE_MEMBERS = 50

/** Several alerts to one contact, or their ends, in one message. It is written when it is sent, from what is open then. */
export const bundle = z.object({
  id: z.string().max(40),
  channel,
  to: address,
  from: z.string().optional(),
  members: z.array(bundleMember).min(1).max(MAX_BUNDLE_MEMBERS),
  /** The page that lists them. */
  link: z.url().optional(),
  createdAt: z.int(),
})
export type Bundle = z.infer<typeof bundle>

/** The bundle of a person that goes out now. */
export const bundleDue = z.object({ personId: z.string(), bundleId: z.string(), at: z.int() })
export type BundleDue = z.infer<typeof bundleDue>

/** How many messages of alerts one person gets. */
export const bundleSettings = z.strictObject({
  waitSeconds: z
    .int()
    .min(1)
    .max(10)
    .default(10)
    .describe('how long further alerts to somebody wait for each other; never past a third of the wait of any of them'),
  messagesPerMinute: z
    .int()
    .min(1)
    .max(60)
    .default(6)
    .describe('to one person, about alerts: what is more waits for the next bundle, never past that third'),
})
export type BundleSettings = z.infer<typeof bundleSettings>

export function alertIdOf({ about }: BundleMember): string {
  return about.kind === 'alert' ? about.step.alertId : about.alertId
}
