import { rulesOf, type Channel } from '../channels.ts'
import { readCustom } from './custom-content.ts'
import type { PhoneButton, PhoneContent, ReadContent } from './phone-content.ts'
import { asList, asObject, asText, asUrl, type Body } from './read-body.ts'

/** Reads the member named after the message type into what a phone shows. */
export function readContent(channel: Channel, type: string, body: Body): ReadContent {
  const quoted = asText(asObject(body.context)?.message_uuid)
  const read = readByType(channel, type, body)
  if (!read.ok || quoted === null) return read
  return { ok: true, content: { ...read.content, quoted } }
}

function readByType(channel: Channel, type: string, body: Body): ReadContent {
  switch (type) {
    case 'text':
      return readText(channel, body)
    case 'template':
      return readTemplate(body)
    case 'reaction':
      return readReaction(body)
    case 'sticker':
      return readSticker(body)
    case 'custom':
      return readCustom(body.custom)
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return readMedia(channel, type, body)
    default:
      return { ok: false, problems: [{ name: 'message_type', reason: 'is not supported' }] }
  }
}

function readText(channel: Channel, body: Body): ReadContent {
  const text = asText(body.text)
  if (text === null) return missing('text')
  const { longestText } = rulesOf[channel]
  if (text.length > longestText) return bad('text', `must be at most ${longestText} characters long`)
  const buttons = buttonsOf(channel, body)
  return { ok: true, content: { type: 'text', text, ...(buttons.length > 0 ? { buttons } : {}) } }
}

function readMedia(channel: Channel, kind: 'image' | 'audio' | 'video' | 'file', body: Body): ReadContent {
  const media = asObject(body[kind])
  const url = asUrl(media?.url)
  if (media === null || media.url === undefined) return missing(`${kind}.url`)
  if (url === null) return bad(`${kind}.url`, 'must be a valid URL')
  const caption = asText(media.caption)
  const buttons = buttonsOf(channel, body)
  const problem = rulesOf[channel].mediaProblem?.(kind, media, buttons)
  if (problem) return { ok: false, problems: [problem] }
  const name = asText(media.name)
  const content: PhoneContent = {
    type: kind,
    text: caption ?? '',
    media: { kind, url, ...(name === null ? {} : { name }) },
    ...(buttons.length > 0 ? { buttons } : {}),
  }
  return { ok: true, content }
}

/** Parameters are strings in v1 and objects `{default}` in older requests: both are understood. */
export function readTemplate(body: Body): ReadContent {
  const template = asObject(body.template)
  const name = asText(template?.name)
  if (name === null) return missing('template.name')
  const parameters = asList(template?.parameters).map(
    (value) => asText(value) ?? asText(asObject(value)?.default) ?? '',
  )
  const locale = asText(asObject(body.whatsapp)?.locale)
  const shown = parameters.length > 0 ? `[${name}] ${parameters.join(', ')}` : `[${name}]`
  const content = {
    type: 'template',
    text: shown,
    template: { name, parameters, ...(locale === null ? {} : { locale }) },
  }
  return { ok: true, content }
}

function readSticker(body: Body): ReadContent {
  const sticker = asObject(body.sticker)
  const [url, id] = [asUrl(sticker?.url), asText(sticker?.id)]
  if ((url === null) === (id === null)) return bad('sticker', 'must have exactly one of url and id')
  return { ok: true, content: { type: 'sticker', text: '', media: { kind: 'sticker', url: url ?? '' } } }
}

function readReaction(body: Body): ReadContent {
  const reaction = asObject(body.reaction)
  if (reaction?.action !== 'react' && reaction?.action !== 'unreact') {
    return bad('reaction.action', 'must be one of react, unreact')
  }
  const emoji = asText(reaction.emoji)
  if (reaction.action === 'react' && emoji === null) return missing('reaction.emoji')
  const to = asText(asObject(body.context)?.message_uuid) ?? ''
  return { ok: true, content: { type: 'reaction', text: emoji ?? '', reaction: { emoji: emoji ?? '', to } } }
}

function buttonsOf(channel: Channel, body: Body): PhoneButton[] {
  return rulesOf[channel].buttonsOf?.(asObject(body[channel]) ?? {}) ?? []
}

function missing(name: string): ReadContent {
  return bad(name, 'is required.')
}

function bad(name: string, reason: string): ReadContent {
  return { ok: false, problems: [{ name, reason }] }
}
