import { oneOf, required } from '../messages/parameter-problems.ts'
import { asObject, asText } from '../messages/read-body.ts'
import { isPhoneNumber, isUserId } from './addresses.ts'
import { DAY_MS } from './channel-rules.ts'
import type { ChannelRules } from './channel-rules.ts'

export const whatsapp: ChannelRules = {
  label: 'WhatsApp',
  v01: {
    type: 'whatsapp',
    person: 'number',
    sender: 'number',
    contentTypes: ['text', 'image', 'video', 'audio', 'file', 'template', 'custom', 'location'],
  },
  messageTypes: ['text', 'image', 'video', 'audio', 'file', 'template', 'sticker', 'reaction', 'custom'],
  longestText: 4_096,
  isAddress: (value) => isPhoneNumber(value) || isUserId(value),
  isSender: isPhoneNumber,
  reportsRead: true,
  hasResponseWindow: true,
  /** Under per-message pricing. */
  price: '0',
  chargedWhen: ['delivered'],
  lifetimeMs: 30 * DAY_MS,
  optionProblems(type, options, body) {
    const problems = oneOf('whatsapp.policy', options.policy, ['deterministic'])
    if (type === 'template' && asText(options.locale) === null) problems.push(required('whatsapp.locale'))
    if (type === 'reaction' && asText(asObject(body.context)?.message_uuid) === null) {
      problems.push(required('context.message_uuid'))
    }
    return problems
  },
}
