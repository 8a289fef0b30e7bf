import { address, bundleMember, channel, personId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'
import { createWorkflowRecords } from './workflow-records.ts'

/** Our side of a conversation, and whether it is about alerts or about their ends. */
const way = z.object({
  channel,
  to: address,
  from: z.string().optional(),
  kind: z.enum(['alert', 'alert-closing']),
  /** What somebody wrote that these messages answer: they leave together only with others that answer it. */
  answers: z.string().optional(),
})
export type Way = z.infer<typeof way>

const gathered = way.extend({
  id: z.string(),
  members: z.array(bundleMember),
  /** When it goes out, and the moment past which it must not wait whatever the reason. */
  dueAt: z.int(),
  latestAt: z.int(),
  /** It is the outbound service's by now. */
  handedOverAt: z.int().optional(),
})
export type GatheredBundle = z.infer<typeof gathered>

/** What a person got about alerts within the last minute, and what is gathered for them. */
const bundles = z.object({
  personId: z.string(),
  sent: z.array(
    way.extend({
      at: z.int(),
      /** Of a message that went out alone, and its alert. */
      id: z.string().optional(),
      alertId: z.string().optional(),
    }),
  ),
  gathered: z.array(gathered),
})
export type Bundles = z.infer<typeof bundles>

const REMEMBERED_SECONDS = 60

export type BundleStore = ReturnType<typeof createBundles>

/** One record per person. Written by the failover service alone, as a workflow. */
export function createBundles(redis: RedisConnection) {
  const records = createWorkflowRecords<Bundles>(redis, {
    schema: bundles.loose(),
    key: keys.bundles,
    // What was gathered must not be lost, however long nobody is there to send it.
    ttlSeconds: ({ gathered: left }) => (left.length > 0 ? undefined : REMEMBERED_SECONDS),
    dueKey: keys.dueBundles,
  })
  return {
    records,
    async erase(contacts: Contact[]): Promise<void> {
      for (const person of new Set(contacts.map((each) => personId(each)))) {
        await records.remove(person)
        await redis.zrem(keys.dueBundles, person)
      }
    },
  }
}
