import { z } from 'zod'

import { always } from './always.ts'
import type { Channel } from './channel.ts'
import { missingSenders } from './plan-of.ts'
import { policyUsers } from './policy.ts'

const text = z.union([z.string(), z.number()]).transform(String)

/**
 * The `config.json` of the Dispatch tutorial, as it is: `APP`, `FROM` and `USERS`, with or without `expiry_time` and
 * `condition_status` per channel, numbers or numeric strings.
 */
export const seedConfig = z
  .object({
    APP: z.object({ APP_ID: text.optional(), PRIVATE_KEY: z.string().optional() }).optional(),
    FROM: z.object({ MESSENGER: text, VIBER: text, WHATSAPP: text, SMS: text }).partial(),
    USERS: policyUsers,
  })
  .superRefine((config, context) => {
    const { FROM: from, USERS: users } = asWritten.parse(config)
    for (const { path, message } of missingSenders(users, sendersOf(from))) {
      const [, ...rest] = path
      context.addIssue({ code: 'custom', path: ['USERS', ...rest], message: `${message}; add it to FROM` })
    }
  }, always)
  .transform(({ APP: app, FROM: from, USERS: users }) => ({
    applicationId: app?.APP_ID,
    privateKeyPath: app?.PRIVATE_KEY,
    senders: sendersOf(from),
    users,
  }))
export type SeedConfig = z.infer<typeof seedConfig>

const asWritten = z
  .object({ FROM: z.record(z.string(), z.unknown()).catch({}), USERS: z.unknown() })
  .catch({ FROM: {}, USERS: [] })

/** Whether a configuration is the tutorial's rather than ours. */
export function isSeedConfig(config: unknown): boolean {
  return typeof config === 'object' && config !== null && 'USERS' in config
}

function sendersOf(from: Record<string, unknown>): Partial<Record<Channel, string>> {
  const { MESSENGER: messenger, VIBER: viber, WHATSAPP: whatsapp, SMS: sms } = from
  return {
    ...sender('messenger', messenger),
    ...sender('viber_service', viber),
    ...sender('whatsapp', whatsapp),
    ...sender('sms', sms),
  }
}

function sender(channel: Channel, value: unknown): Partial<Record<Channel, string>> {
  return typeof value === 'string' || typeof value === 'number' ? { [channel]: String(value) } : {}
}
