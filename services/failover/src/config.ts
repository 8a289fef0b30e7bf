import {
  commonEnvironment,
  positiveInteger,
  redisEnvironment,
  settingsFile,
  vonageEnvironment,
} from '@switchboard/runtime'
import { signingSecret } from '@switchboard/tokens'
import { z } from 'zod'

export const configSchema = z.object({
  ...commonEnvironment,
  ...redisEnvironment,
  ...vonageEnvironment,
  SWITCHBOARD_CONFIG: settingsFile,
  /** Where people reach the acknowledge page. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:9000'),
  SESSION_SECRET: signingSecret,
  /** Signs the webhooks to callers of our Dispatch endpoint, as Vonage does. */
  VONAGE_SIGNATURE_SECRET: z.string().optional(),
  FAILOVER_CONCURRENCY: positiveInteger.default(50),
  RECONCILE_SECONDS: positiveInteger.default(1),
})
export type Config = z.infer<typeof configSchema>
