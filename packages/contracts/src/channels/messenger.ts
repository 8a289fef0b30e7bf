import { z } from 'zod'

import type { ChannelFacts } from './channel-facts.ts'

export const messenger: ChannelFacts = {
  label: 'Messenger',
  how: 'on Messenger',
  sender: z.string().regex(/^\d{1,50}$/, 'must be a Facebook page id'),
  /** Page-scoped ids can exceed 2^53. */
  addresses: {
    areNumbers: false,
    problem: (value) =>
      /^[\w-]{1,50}$/.test(value) ? undefined : 'must be a Messenger page-scoped id of 1 to 50 characters',
  },
  reportsRead: true,
  alertWording: 'alert',
  bundleWording: 'alertBundle',
  maxAlertLength: 640,
  maxTextLength: 640,
  content: ['image', 'audio', 'video', 'file'],
  options: ['messengerTag', 'messengerCategory'],
  /** A message with a tag goes out at any time. */
  needsWindow: ({ options }) => options?.messengerTag === undefined,
  hasTemplates: false,
  chargedWhen: 'delivered',
}
