import { oneOf, required, ttl, within } from '../messages/parameter-problems.ts'
import { asObject, asText, asUrl } from '../messages/read-body.ts'
import { linkTo } from '../webhooks/inbound-context.ts'
import { digitsAlone, isPhoneNumber } from './addresses.ts'
import { DAY_MS, lifetimeOf } from './channel-rules.ts'
import type { ChannelRules } from './channel-rules.ts'

export const viberService: ChannelRules = {
  label: 'Viber',
  v01: { type: 'viber_service_msg', person: 'number', sender: 'id', contentTypes: ['text', 'image', 'template'] },
  messageTypes: ['text', 'image', 'video', 'file'],
  longestText: 1_000,
  isAddress: isPhoneNumber,
  addressForm: digitsAlone,
  isSender: (value) => value.length >= 1 && value.length <= 50,
  exampleSender: 'Switchboard',
  checksSender: true,
  reportsRead: true,
  isOneWay: ({ viberTwoWay }) => !viberTwoWay,
  canMarkRead: false,
  hidesBlocks: false,
  hasResponseWindow: false,
  price: '0.0250',
  chargedWhen: ['delivered'],
  lifetimeMs: 14 * DAY_MS,
  optionProblems(type, options) {
    const problems = [
      ...oneOf('viber_service.category', options.category, ['transaction', 'promotion']),
      ...ttl('viber_service.ttl', options.ttl, 30, 259_200),
    ]
    if (type === 'video') {
      problems.push(...within('viber_service.duration', options.duration, 1, 600))
      problems.push(...within('viber_service.file_size', options.file_size, 1, 200))
    }
    const action = asObject(options.action)
    if (options.action === undefined) return problems
    if (asUrl(action?.url) === null) problems.push(required('viber_service.action.url'))
    const text = asText(action?.text)
    if (text === null || text.length > 30) {
      problems.push({ name: 'viber_service.action.text', reason: 'must be 1 to 30 characters long' })
    }
    return problems
  },
  readOptions: ({ ttl }) => lifetimeOf(ttl),
  mediaProblem(kind, { caption, thumb_url: thumbnail, name }, buttons) {
    const hasCaption = asText(caption) !== null
    if (kind === 'image' && buttons.length > 0 && !hasCaption) return required('image.caption')
    if (kind === 'video' && !hasCaption) return required('video.caption')
    if (kind === 'video' && asUrl(thumbnail) === null) return required('video.thumb_url')
    if ((asText(name)?.length ?? 0) <= 25) return undefined
    return { name: 'file.name', reason: 'must be at most 25 characters long' }
  },
  buttonsOf({ action }) {
    const [url, title] = [asUrl(asObject(action)?.url), asText(asObject(action)?.text)]
    return url !== null && title !== null ? [{ kind: 'url', title, value: url }] : []
  },
  inboundExtras: (message, context) => ({
    ...(message.content.quoted === undefined ? {} : { context: { message_uuid: message.content.quoted } }),
    ...linkTo(message, context),
  }),
}
