import { oneOf, ttl } from '../messages/parameter-problems.ts'
import { isPhoneNumber } from './addresses.ts'
import { DAY_MS } from './channel-rules.ts'
import type { ChannelRules } from './channel-rules.ts'

export const sms: ChannelRules = {
  label: 'SMS',
  v01: { type: 'sms', person: 'number', sender: 'number', contentTypes: ['text'] },
  messageTypes: ['text'],
  longestText: 3_200,
  isAddress: isPhoneNumber,
  /** Own number, short code or up to eleven letters and digits. */
  isSender: (value) => /^\d{3,15}$/.test(value) || /^[A-Za-z0-9]{1,11}$/.test(value),
  reportsRead: false,
  hasResponseWindow: false,
  price: '0.0333',
  chargedWhen: ['submitted', 'delivered'],
  lifetimeMs: 3 * DAY_MS,
  optionProblems: (_type, options, body) => [
    ...oneOf('sms.encoding_type', options.encoding_type, ['text', 'unicode', 'auto']),
    ...ttl('ttl', body.ttl, 20, 604_800),
  ],
}
