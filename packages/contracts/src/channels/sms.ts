import { z } from 'zod'

import { phoneNumbers } from './addresses.ts'
import type { ChannelFacts } from './channel-facts.ts'

export const sms: ChannelFacts = {
  label: 'SMS',
  how: 'by SMS',
  /** A number, a short code or a name of at most 11 letters and digits. */
  sender: z.string().min(1).max(15),
  addresses: phoneNumbers,
  /** Messages API, message status table. */
  reportsRead: false,
  alertWording: 'alertSms',
  bundleWording: 'alertBundleSms',
  maxAlertLength: 1_000,
  maxTextLength: 3_200,
  content: [],
  options: ['ttlSeconds'],
  hasTemplates: false,
  noAnswers: ({ senders: { sms: sender = '' } }) =>
    /\D/.test(sender) ? `takes no answers: nobody can reply to "${sender}", which is a name` : undefined,
  chargedWhen: 'submitted',
}
