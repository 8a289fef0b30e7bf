import { z } from 'zod'

import { perChannel } from './channels.ts'

const senders = z.object(perChannel(() => z.string()))

/** Our own, unless they are configured. */
export const exampleSenders = perChannel(({ exampleSender }) => exampleSender)

const urls = z.object({
  inbound: z.url(),
  status: z.url(),
  inboundSms: z.url(),
  deliveryReceipt: z.url(),
  answer: z.url(),
  answerFallback: z.url(),
  event: z.url(),
})

const templateButton = z.object({
  kind: z.enum(['url', 'reply', 'quick-reply', 'call', 'copy', 'flow']),
  title: z.string(),
  /** A link may have {{1}}, which a request fills in. */
  value: z.string(),
})

const template = z.object({
  locale: z.array(z.string()).default(['en_GB', 'en_US', 'en']),
  /** Of the body. */
  parameters: z.int().min(0),
  /** A text may have {{1}}; a picture, video or document comes with each request. */
  header: z.object({ format: z.enum(['text', 'image', 'video', 'document']), text: z.string().optional() }).optional(),
  /** Shown on the phone, with {{1}} {{2}} … replaced. */
  body: z.string(),
  footer: z.string().optional(),
  buttons: z.array(templateButton).default([]),
})

const timing = z.object({
  submittedMs: z.number().min(0),
  deliveredMs: z.number().min(0),
  autoReadMs: z.number().min(0),
})

/** Everything an operator could set in Vonage's dashboard, plus the simulator's own timing. */
export const accountSchema = z.object({
  smsWebhookFormat: z.enum(['get', 'post', 'post-json']),
  /** The account's "default SMS setting": the format of inbound SMS and of receipts. */
  smsApiDefault: z.enum(['sms', 'messages']),
  webhookVersion: z.enum(['v1', 'v0.1']),
  /** `null`: SMS API webhooks carry no `sig`. */
  smsSignatureMethod: z.enum(['md5hash', 'md5', 'sha1', 'sha256', 'sha512']).nullable(),
  signWebhooks: z.boolean(),
  /** Voice applications made before signing existed do not sign. */
  signVoiceWebhooks: z.boolean(),
  /** Whether a retried webhook carries a new token or the first one again. */
  resignRetries: z.boolean(),
  enforceWindows: z.boolean(),
  /** Whether WhatsApp, Messenger and Viber senders must be ours. */
  strictSenders: z.boolean(),
  strictTemplates: z.boolean(),
  /** Dispatch refuses `"600"` for a number when true. */
  strictDispatch: z.boolean(),
  optOutAssist: z.boolean(),
  viberTwoWay: z.boolean(),
  webhookRetries: z.boolean(),
  answerMethod: z.enum(['GET', 'POST']),
  eventMethod: z.enum(['GET', 'POST']),
  /** What the account may use; one made after August 2025 has no Dispatch. */
  products: z.array(z.enum(['messages', 'dispatch', 'sms', 'voice'])),
  balance: z.number(),
  ratePerSecond: z.number().positive().nullable(),
  senders,
  urls,
  /** Where statuses of messages sent with Basic go; `null`: the same addresses. */
  accountStatusUrl: z.url().nullable(),
  templates: z.record(z.string(), template),
  timing,
})

export type AccountSettings = z.infer<typeof accountSchema>

export const accountChangeSchema = z.strictObject({
  ...accountSchema.partial().shape,
  senders: senders.partial().optional(),
  urls: urls.partial().optional(),
  timing: timing.partial().optional(),
})

export type AccountChange = z.infer<typeof accountChangeSchema>

export interface Account {
  settings(): AccountSettings
  change(change: AccountChange): AccountSettings
  reset(): void
}

export function createAccount(initial: AccountSettings): Account {
  let current = initial
  return {
    settings: () => current,
    change(change) {
      const merged: unknown = {
        ...current,
        ...change,
        senders: { ...current.senders, ...change.senders },
        urls: { ...current.urls, ...change.urls },
        timing: { ...current.timing, ...change.timing },
      }
      current = accountSchema.parse(merged)
      return current
    },
    reset() {
      current = initial
    },
  }
}

/** The settings of a new account whose application listens below the callback URL. */
export function defaultAccount(callbackUrl: string, own: AccountSettings['senders']): AccountSettings {
  const below = (path: string) => `${callbackUrl.replace(/\/$/, '')}/webhooks/${path}`
  return {
    smsWebhookFormat: 'get',
    smsApiDefault: 'messages',
    webhookVersion: 'v1',
    smsSignatureMethod: null,
    signWebhooks: true,
    signVoiceWebhooks: true,
    resignRetries: true,
    enforceWindows: true,
    strictSenders: true,
    strictTemplates: false,
    strictDispatch: false,
    optOutAssist: false,
    viberTwoWay: true,
    webhookRetries: true,
    answerMethod: 'GET',
    eventMethod: 'POST',
    products: ['messages', 'dispatch', 'sms', 'voice'],
    balance: 1_000,
    ratePerSecond: null,
    senders: own,
    urls: {
      inbound: below('inbound'),
      status: below('status'),
      inboundSms: below('inbound-sms'),
      deliveryReceipt: below('delivery-receipt'),
      answer: below('answer'),
      answerFallback: below('answer/fallback'),
      event: below('events'),
    },
    accountStatusUrl: null,
    templates: exampleTemplates,
    timing: { submittedMs: 50, deliveredMs: 300, autoReadMs: 600 },
  }
}

const exampleTemplates: AccountSettings['templates'] = {
  'switchboard:alert': {
    locale: ['en_GB', 'en_US', 'en'],
    parameters: 1,
    body: 'Alert: {{1}}',
    buttons: [{ kind: 'quick-reply', title: 'I have it', value: 'ack' }],
  },
  'switchboard:verify': {
    locale: ['en_GB', 'en_US', 'en'],
    parameters: 3,
    body: '{{1}} code: {{2}}. Valid for {{3}} minutes.',
    buttons: [],
  },
  'example:parcel': {
    locale: ['en_GB', 'en_US', 'en'],
    parameters: 2,
    header: { format: 'image' },
    body: 'Your parcel {{1}} arrives {{2}}.',
    footer: 'An example shop',
    buttons: [
      { kind: 'quick-reply', title: 'Leave it with a neighbour', value: 'neighbour' },
      { kind: 'url', title: 'Where is it?', value: 'https://example.com/parcels/{{1}}' },
      { kind: 'call', title: 'Call us', value: '+447700900000' },
    ],
  },
}
