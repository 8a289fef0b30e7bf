import { isTemplate } from '../message-content.ts'
import { phoneNumber, phoneNumbers } from './addresses.ts'
import type { ChannelFacts } from './channel-facts.ts'

export const whatsapp: ChannelFacts = {
  label: 'WhatsApp',
  how: 'on WhatsApp',
  sender: phoneNumber,
  addresses: phoneNumbers,
  reportsRead: true,
  alertWording: 'alert',
  bundleWording: 'alertBundle',
  maxAlertLength: 4_096,
  maxTextLength: 4_096,
  content: ['image', 'audio', 'video', 'file', 'sticker', 'template', 'custom'],
  options: [],
  /** A template goes out at any time. */
  needsWindow: ({ content }) => !(content && isTemplate(content)),
  hasTemplates: true,
  chargedWhen: 'delivered',
}
