import { oneOf, ttl } from '../messages/parameter-problems.ts'
import { keywordOf, splitSms } from '../sms/segments.ts'
import { digitsAlone, isPhoneNumber } from './addresses.ts'
import { DAY_MS, lifetimeOf } from './channel-rules.ts'
import type { ChannelRules } from './channel-rules.ts'

export const sms: ChannelRules = {
  label: 'SMS',
  v01: { type: 'sms', person: 'number', sender: 'number', contentTypes: ['text'] },
  messageTypes: ['text'],
  longestText: 3_200,
  isAddress: isPhoneNumber,
  addressForm: digitsAlone,
  /** Own number, short code or up to eleven letters and digits. */
  isSender: (value) => /^\d{3,15}$/.test(value) || /^[A-Za-z0-9]{1,11}$/.test(value),
  exampleSender: '447700900000',
  checksSender: false,
  reportsRead: false,
  canMarkRead: false,
  hidesBlocks: false,
  hasResponseWindow: false,
  price: '0.0333',
  chargedWhen: ['submitted', 'delivered'],
  lifetimeMs: 3 * DAY_MS,
  optionProblems: (_type, options, body) => [
    ...oneOf('sms.encoding_type', options.encoding_type, ['text', 'unicode', 'auto']),
    ...ttl('ttl', body.ttl, 20, 604_800),
  ],
  readOptions(options, body) {
    const encoding = options.encoding_type
    return { ...lifetimeOf(body.ttl), ...(encoding === 'text' || encoding === 'unicode' ? { encoding } : {}) }
  },
  countParts: (text, encoding) => splitSms(text, encoding === 'unicode' || undefined).length,
  inboundExtras: ({ content: { text } }) => ({
    sms: { ...partsOf(text), keyword: keywordOf(text) },
    usage: { currency: 'EUR', price: '0.0000' },
    origin: { network_code: '23410' },
  }),
  inboundExtrasV01: ({ content }) => ({ message: { sms: partsOf(content.text) } }),
  statusExtras: ({ sending }) => ({
    destination: { network_code: '23410' },
    sms: { count_total: String(sending?.partIds.length ?? 1) },
  }),
}

function partsOf(text: string): { num_messages: string } {
  return { num_messages: String(splitSms(text).length) }
}
