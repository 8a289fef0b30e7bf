import type { PhoneButton, PhoneContent, ReadContent } from './phone-content.ts'
import { asList, asObject, asText, asUrl, type Body } from './read-body.ts'

/** WhatsApp's own objects, as far as a phone can show them; the rest is named by its type. */
export function readCustom(value: unknown): ReadContent {
  const custom = asObject(value)
  if (custom === null) return { ok: false, problems: [{ name: 'custom', reason: 'is required.' }] }
  return { ok: true, content: contentOf(custom) }
}

function contentOf(custom: Body): PhoneContent {
  const type = asText(custom.type) ?? 'custom'
  if (type === 'interactive') return interactive(asObject(custom.interactive) ?? {})
  if (type === 'template') return template(asObject(custom.template) ?? {})
  if (type === 'location') return location(asObject(custom.location) ?? {})
  return { type: 'custom', text: asText(asObject(custom.text)?.body) ?? `[${type}]` }
}

function interactive(object: Body): PhoneContent {
  const action = asObject(object.action) ?? {}
  const texts = [object.header, object.body, object.footer].map((part) => asText(asObject(part)?.text))
  const rows = asList(action.sections).flatMap((section) => asList(asObject(section)?.rows))
  const buttons: PhoneButton[] = [
    ...asList(action.buttons).flatMap((button) => replyButton(asObject(button)?.reply)),
    ...rows.flatMap(replyButton),
    ...linkButton(asObject(action.parameters)),
  ]
  const text = texts.filter((part) => part !== null).join('\n')
  return { type: 'custom', text, ...(buttons.length > 0 ? { buttons } : {}) }
}

function replyButton(value: unknown): PhoneButton[] {
  const reply = asObject(value)
  const title = asText(reply?.title)
  return title === null ? [] : [{ kind: 'reply', title, value: asText(reply?.id) ?? title }]
}

function linkButton(parameters: Body | null): PhoneButton[] {
  const [title, url] = [asText(parameters?.display_text), asUrl(parameters?.url)]
  return title !== null && url !== null ? [{ kind: 'url', title, value: url }] : []
}

function template(object: Body): PhoneContent {
  const name = asText(object.name) ?? 'template'
  const locale = asText(asObject(object.language)?.code)
  const parameters = asList(object.components)
    .flatMap((component) => asList(asObject(component)?.parameters))
    .map((parameter) => asText(asObject(parameter)?.text) ?? '')
  const shown = { name, parameters, ...(locale === null ? {} : { locale }) }
  return { type: 'template', text: `[${name}] ${parameters.join(', ')}`, template: shown }
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
