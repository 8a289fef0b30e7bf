import {
  commonEnvironment,
  flag,
  host,
  port,
  positiveInteger,
  redisEnvironment,
  settingsFile,
  trustProxy,
  vonageEnvironment,
} from '@switchboard/runtime'
import { signingSecret } from '@switchboard/tokens'
import { smsSignatureMethods } from '@switchboard/vonage'
import { z } from 'zod'

import { dispatchEnvironment } from './dispatch-config.ts'
import { isStrong, WEAK_TOKEN } from './environment-tokens.ts'
import { voiceEnvironment } from './voice-config.ts'

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)

/** A day and five minutes: Vonage repeats a webhook for 24 hours and may not sign it anew. */
const DEFAULT_TOLERANCE_SECONDS = 86_700
/** What was handled is remembered for two days: a webhook that is older could be done twice. */
const LONGEST_TOLERANCE_SECONDS = 172_000

export const configSchema = z.object({
  ...commonEnvironment,
  ...redisEnvironment,
  INGRESS_PORT: port.default(9_000),
  HOST: host,
  SWITCHBOARD_CONFIG: settingsFile,
  /** Ingress as Vonage and people reach it. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:9000'),
  /** Several, separated by commas; each may do everything, and may have a name: `name:token`. */
  API_TOKENS: list.default([]).refine((tokens) => tokens.every(isStrong), WEAK_TOKEN),
  SESSION_SECRET: signingSecret,
  VONAGE_APPLICATION_ID: list,
  VONAGE_API_URL: vonageEnvironment.VONAGE_API_URL,
  /** Several while one is replaced, separated by commas. */
  VONAGE_SIGNATURE_SECRET: list,
  VONAGE_SIGNATURE_TOLERANCE_SECONDS: positiveInteger.max(LONGEST_TOLERANCE_SECONDS).default(DEFAULT_TOLERANCE_SECONDS),
  VONAGE_SMS_SIGNATURE_METHOD: z.enum(smsSignatureMethods).optional(),
  VONAGE_SMS_UNSIGNED: flag,
  /** For voice applications from before signed webhooks, which do not sign. */
  VONAGE_VOICE_UNSIGNED: flag,
  ...voiceEnvironment,
  ...dispatchEnvironment,
  /** Requests per IP address and minute. Vonage's come from a few: three statuses for each message of four channels. */
  RATE_LIMIT_PER_MINUTE: positiveInteger.default(60_000),
  TRUST_PROXY: trustProxy,
})
export type Config = z.infer<typeof configSchema>
