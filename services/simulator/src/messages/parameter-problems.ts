import type { Channel } from '../channels.ts'
import type { InvalidParameter } from '../vonage/problem.ts'
import { asObject, asText, asUrl, type Body } from './read-body.ts'

/** What is wrong with a message's channel-specific options (v1). */
export function checkChannelOptions(channel: Channel, type: string, body: Body): InvalidParameter[] {
  const options = asObject(body[channel]) ?? {}
  switch (channel) {
    case 'sms':
      return [
        ...oneOf('sms.encoding_type', options.encoding_type, ['text', 'unicode', 'auto']),
        ...ttl('ttl', body.ttl, 20, 604_800),
      ]
    case 'whatsapp':
      return checkWhatsapp(type, options, body)
    case 'messenger':
      return checkMessenger(options)
    case 'viber_service':
      return checkViber(type, options)
  }
}

function checkWhatsapp(type: string, options: Body, body: Body): InvalidParameter[] {
  const problems = oneOf('whatsapp.policy', options.policy, ['deterministic'])
  if (type === 'template' && asText(options.locale) === null) problems.push(required('whatsapp.locale'))
  if (type === 'reaction' && asText(asObject(body.context)?.message_uuid) === null) {
    problems.push(required('context.message_uuid'))
  }
  return problems
}

function checkMessenger(options: Body): InvalidParameter[] {
  const problems = oneOf('messenger.category', options.category, ['response', 'update', 'message_tag'])
  if (options.category === 'message_tag' && asText(options.tag) === null) problems.push(required('messenger.tag'))
  return problems
}

function checkViber(type: string, options: Body): InvalidParameter[] {
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
}

function required(name: string): InvalidParameter {
  return { name, reason: 'is required.' }
}

function oneOf(name: string, value: unknown, allowed: readonly string[]): InvalidParameter[] {
  if (value === undefined || allowed.some((option) => option === value)) return []
  return [{ name, reason: `must be one of ${allowed.join(', ')}` }]
}

function ttl(name: string, value: unknown, least: number, most: number): InvalidParameter[] {
  if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) return []
  return [{ name, reason: `must be a whole number of seconds from ${least} to ${most}` }]
}

/** Viber wants the duration and the size of a video as strings of digits. */
function within(name: string, value: unknown, least: number, most: number): InvalidParameter[] {
  if (value === undefined) return [required(name)]
  if (typeof value === 'string' && /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most) return []
  return [{ name, reason: `must be a string from "${least}" to "${most}"` }]
}
