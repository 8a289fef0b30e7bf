import { commonEnvironment, dataEnvironment, positiveInteger, settingsFile } from '@switchboard/runtime'
import { signingSecret } from '@switchboard/tokens'
import { z } from 'zod'

export const configSchema = z.object({
  ...commonEnvironment,
  ...dataEnvironment,
  SWITCHBOARD_CONFIG: settingsFile,
  /** Ingress as people reach it: the links of sign-ups lead there. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:9000'),
  SESSION_SECRET: signingSecret,
  SUBSCRIPTIONS_CONCURRENCY: positiveInteger.default(20),
})
