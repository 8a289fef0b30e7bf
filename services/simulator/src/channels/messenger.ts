import { oneOf, required } from '../messages/parameter-problems.ts'
import { asText } from '../messages/read-body.ts'
import { linkTo } from '../webhooks/inbound-context.ts'
import { digitsAlone } from './addresses.ts'
import { DAY_MS, lifetimeOf } from './channel-rules.ts'
import type { ChannelRules } from './channel-rules.ts'

export const messenger: ChannelRules = {
  label: 'Messenger',
  v01: {
    type: 'messenger',
    person: 'id',
    sender: 'id',
    contentTypes: ['text', 'image', 'audio', 'video', 'file'],
  },
  messageTypes: ['text', 'image', 'audio', 'video', 'file'],
  longestText: 640,
  isAddress: (value) => /^\d{1,50}$/.test(value),
  addressForm: digitsAlone,
  isSender: (value) => value.length >= 1 && value.length <= 50,
  exampleSender: '100000001',
  checksSender: true,
  reportsRead: true,
  canMarkRead: false,
  hidesBlocks: false,
  hasResponseWindow: true,
  price: '0.0010',
  chargedWhen: ['delivered'],
  lifetimeMs: 30 * DAY_MS,
  optionProblems(_type, options) {
    const problems = oneOf('messenger.category', options.category, ['response', 'update', 'message_tag'])
    if (options.category === 'message_tag' && asText(options.tag) === null) problems.push(required('messenger.tag'))
    return problems
  },
  readOptions(options, body) {
    const [category, tag] = [asText(options.category), asText(options.tag)]
    const messengerTag = { ...(category === null ? {} : { category }), ...(tag === null ? {} : { tag }) }
    return { ...lifetimeOf(body.ttl), messengerTag }
  },
  inboundExtras: linkTo,
  inboundExtrasV01: () => ({ webhook: { direction: 'inbound' } }),
}
