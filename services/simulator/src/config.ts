import { commonEnvironment, flag, port } from '@switchboard/runtime'
import { z } from 'zod'

import { defaultAccount, exampleSenders, type AccountChange, type AccountSettings } from './account.ts'
import type { GivenCredentials } from './credentials.ts'
import type { TryOptions } from './try/register.ts'

const url = z.url({ protocol: /^https?$/ })

export const configSchema = z.object({
  ...commonEnvironment,
  SIMULATOR_PORT: port.default(9_200),
  /** The control API has no login: whoever wants other machines to reach it says so. */
  SIMULATOR_HOST: z.string().default('127.0.0.1'),
  /** How the application reaches the simulator, where that is not the address it listens on. */
  SIMULATOR_PUBLIC_URL: url.optional(),
  /** Where generated credentials are kept. */
  SIMULATOR_DATA: z.string().default('.data/simulator'),
  /** Base URL of the application; each webhook below it can be moved. */
  SIMULATOR_CALLBACK_URL: url.default('http://127.0.0.1:9000'),
  SIMULATOR_INBOUND_URL: url.optional(),
  SIMULATOR_STATUS_URL: url.optional(),
  SIMULATOR_INBOUND_SMS_URL: url.optional(),
  SIMULATOR_DELIVERY_RECEIPT_URL: url.optional(),
  SIMULATOR_ANSWER_URL: url.optional(),
  SIMULATOR_ANSWER_FALLBACK_URL: url.optional(),
  SIMULATOR_EVENT_URL: url.optional(),
  SIMULATOR_SPEED: z.coerce.number().min(0.01).max(100_000).default(1),
  /** A scenario file to load at the start. */
  SIMULATOR_SCENARIO: z.string().optional(),
  SIMULATOR_SMS_SENDER: z.string().default(exampleSenders.sms),
  SIMULATOR_WHATSAPP_SENDER: z.string().default(exampleSenders.whatsapp),
  SIMULATOR_MESSENGER_SENDER: z.string().default(exampleSenders.messenger),
  SIMULATOR_VIBER_SENDER: z.string().default(exampleSenders.viber_service),
  /** The account's switches that somebody else's application most often needs; the rest is in the control API. */
  SIMULATOR_SMS_API_DEFAULT: z.enum(['messages', 'sms']).default('messages'),
  SIMULATOR_SMS_WEBHOOK_FORMAT: z.enum(['get', 'post', 'post-json']).default('get'),
  SIMULATOR_SMS_SIGNATURE_METHOD: z.enum(['md5hash', 'md5', 'sha1', 'sha256', 'sha512']).optional(),
  SIMULATOR_WEBHOOK_VERSION: z.enum(['v1', 'v0.1']).default('v1'),
  SIMULATOR_ANY_SENDER: flag,
  /** Of a Switchboard behind the callback URL, as browsers reach it: with API_TOKENS the page has a panel to try it. */
  SIMULATOR_CONSOLE_URL: url.optional(),
  API_TOKENS: z.string().optional(),
  VONAGE_APPLICATION_ID: z.string().optional(),
  VONAGE_PRIVATE_KEY: z.string().optional(),
  VONAGE_PUBLIC_KEY: z.string().optional(),
  VONAGE_API_KEY: z.string().optional(),
  VONAGE_API_SECRET: z.string().optional(),
  VONAGE_SIGNATURE_SECRET: z.string().optional(),
})

export type Config = z.output<typeof configSchema>

export function credentialsOf(config: Config): GivenCredentials {
  return {
    applicationId: config.VONAGE_APPLICATION_ID,
    privateKey: config.VONAGE_PRIVATE_KEY,
    publicKey: config.VONAGE_PUBLIC_KEY,
    apiKey: config.VONAGE_API_KEY,
    apiSecret: config.VONAGE_API_SECRET,
    signatureSecret: config.VONAGE_SIGNATURE_SECRET,
  }
}

export function accountOf(config: Config): AccountSettings {
  const account = defaultAccount(config.SIMULATOR_CALLBACK_URL, {
    sms: config.SIMULATOR_SMS_SENDER,
    whatsapp: config.SIMULATOR_WHATSAPP_SENDER,
    messenger: config.SIMULATOR_MESSENGER_SENDER,
    viber_service: config.SIMULATOR_VIBER_SENDER,
  })
  return {
    ...account,
    smsApiDefault: config.SIMULATOR_SMS_API_DEFAULT,
    smsWebhookFormat: config.SIMULATOR_SMS_WEBHOOK_FORMAT,
    smsSignatureMethod: config.SIMULATOR_SMS_SIGNATURE_METHOD ?? null,
    webhookVersion: config.SIMULATOR_WEBHOOK_VERSION,
    strictSenders: !config.SIMULATOR_ANY_SENDER,
    urls: { ...account.urls, ...movedUrls(config) },
  }
}

/** Undefined where the application is not a Switchboard of which we know enough. */
export function triesOf(config: Config): Omit<TryOptions, 'ticketSecret'> | undefined {
  const token = config.API_TOKENS?.split(',')[0]?.trim()
  if (!token || config.SIMULATOR_CONSOLE_URL === undefined) return undefined
  return { apiUrl: config.SIMULATOR_CALLBACK_URL, token, consoleUrl: config.SIMULATOR_CONSOLE_URL }
}

function movedUrls(config: Config): Partial<AccountSettings['urls']> {
  const moved: NonNullable<AccountChange['urls']> = {
    inbound: config.SIMULATOR_INBOUND_URL,
    status: config.SIMULATOR_STATUS_URL,
    inboundSms: config.SIMULATOR_INBOUND_SMS_URL,
    deliveryReceipt: config.SIMULATOR_DELIVERY_RECEIPT_URL,
    answer: config.SIMULATOR_ANSWER_URL,
    answerFallback: config.SIMULATOR_ANSWER_FALLBACK_URL,
    event: config.SIMULATOR_EVENT_URL,
  }
  return Object.fromEntries(Object.entries(moved).filter(([, value]) => value !== undefined))
}
