import { commonEnvironment, positiveInteger, redisEnvironment, settingsFile } from '@switchboard/runtime'
import { z } from 'zod'

export const configSchema = z.object({
  ...commonEnvironment,
  ...redisEnvironment,
  SWITCHBOARD_CONFIG: settingsFile,
  /** Where people reach the acknowledge page. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:9000'),
  SESSION_SECRET: z.string().min(16),
  FAILOVER_CONCURRENCY: positiveInteger.default(50),
  RECONCILE_SECONDS: positiveInteger.default(5),
})
