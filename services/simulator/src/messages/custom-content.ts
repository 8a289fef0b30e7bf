import { interactiveContent } from './interactive-content.ts'
import { mediaOf } from './media-object.ts'
import type { PhoneContent, ReadContent } from './phone-content.ts'
import { asList, asObject, asText, type Body } from './read-body.ts'
import { templateContent } from './template-content.ts'

/** WhatsApp's own objects, as far as a phone can show them; the rest is named by its type. */
export function readCustom(value: unknown): ReadContent {
  const custom = asObject(value)
  if (custom === null) return { ok: false, problems: [{ name: 'custom', reason: 'is required.' }] }
  return { ok: true, content: contentOf(custom) }
}

function contentOf(custom: Body): PhoneContent {
  const type = asText(custom.type) ?? 'custom'
  const inner = asObject(custom[type]) ?? {}
  if (type === 'interactive') return interactiveContent(inner)
  if (type === 'template') return templateContent(inner)
  if (type === 'location') return location(inner)
  if (type === 'contacts') return contacts(asList(custom.contacts).map((contact) => asObject(contact) ?? {}))
  const media = mediaOf(custom)
  if (media) return { type: media.kind, text: asText(inner.caption) ?? '', media }
  return { type: 'custom', text: asText(asObject(custom.text)?.body) ?? `[${type}]` }
}

function contacts(given: Body[]): PhoneContent {
  return { type: 'contacts', text: given.map(nameOfContact).join(', '), contacts: given }
}

function nameOfContact(contact: Body): string {
  const name = asObject(contact.name)
  return asText(name?.formatted_name) ?? asText(name?.first_name) ?? 'somebody'
}

function location(object: Body): PhoneContent {
  const [name, address] = [asText(object.name), asText(object.address)]
  return {
    type: 'location',
    text: name ?? '',
    location: {
      lat: Number(object.latitude ?? 0),
      long: Number(object.longitude ?? 0),
      ...(name === null ? {} : { name }),
      ...(address === null ? {} : { address }),
    },
  }
}
