import type { PhoneMedia } from './phone-content.ts'
import { asObject, asText, asUrl, type Body } from './read-body.ts'

const kinds: Record<string, PhoneMedia['kind']> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  document: 'file',
  sticker: 'sticker',
}

/** WhatsApp's media object, `{type: 'image', image: {link}}`; undefined where it is none. */
export function mediaOf(object: Body): PhoneMedia | undefined {
  const type = asText(object.type) ?? ''
  const kind = kinds[type]
  const media = asObject(object[type])
  const url = asUrl(media?.link) ?? asUrl(media?.url)
  if (kind === undefined || url === null) return undefined
  const name = asText(media?.filename)
  return { kind, url, ...(name === null ? {} : { name }) }
}
