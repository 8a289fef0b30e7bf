import type { Message } from '../message-store.ts'
import { oneOf, required } from '../messages/parameter-problems.ts'
import { asObject, asText } from '../messages/read-body.ts'
import { linkTo } from '../webhooks/inbound-context.ts'
import type { InboundContext } from '../webhooks/inbound-context.ts'
import { digitsAlone, isPhoneNumber, isUserId } from './addresses.ts'
import { DAY_MS, lifetimeOf } from './channel-rules.ts'
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
  addressForm: `${digitsAlone}, or a user id`,
  isSender: isPhoneNumber,
  exampleSender: '447700900001',
  checksSender: true,
  reportsRead: true,
  canMarkRead: true,
  hidesBlocks: true,
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
  readOptions: (_options, body) => lifetimeOf(body.ttl),
  inboundExtras: (message, context) => ({
    profile: { name: context.personName },
    ...(isUserId(message.address) ? { whatsapp: { sender: { user_id: message.address } } } : {}),
    ...quoteOf(message, context),
    ...linkTo(message, context),
  }),
  statusExtras: ({ address, content }, { status }) =>
    status === 'delivered' ? { whatsapp: chargeOf(address, content.template !== undefined) } : {},
}

function quoteOf(message: Message, context: InboundContext): Record<string, unknown> {
  const quoted = message.content.quoted ?? message.content.reaction?.to
  if (quoted === undefined) return { context_status: 'none' }
  if (context.quotedFrom === undefined) return { context_status: 'unavailable' }
  return { context_status: 'available', context: { message_uuid: quoted, message_from: context.quotedFrom } }
}

function chargeOf(address: string, isTemplate: boolean): Record<string, unknown> {
  return {
    recipient: isUserId(address) ? { user_id: address } : { wa_id: address },
    pricing: {
      type: isTemplate ? 'regular' : 'free_customer_service',
      pricing_model: 'PMP',
      category: isTemplate ? 'utility' : 'service',
    },
  }
}
