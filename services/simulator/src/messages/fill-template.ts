import type { AccountSettings } from '../account.ts'
import type { PhoneButton, PhoneContent, PhoneTemplate } from './phone-content.ts'

type Templates = AccountSettings['templates']
type KnownTemplate = Templates[string]

/** By its full name; WhatsApp's own objects name it without the namespace. */
export function findTemplate(templates: Templates, name: string): KnownTemplate | undefined {
  return templates[name] ?? Object.entries(templates).find(([key]) => key.endsWith(`:${name}`))?.[1]
}

/** Whether it may be sent like this: as many parameters as it has, a locale of its own, the picture it begins with. */
export function fitsTemplate({ template, media }: PhoneContent, known: KnownTemplate): boolean {
  if (!template) return false
  const needsMedia = known.header !== undefined && known.header.format !== 'text'
  return (
    known.parameters === template.parameters.length &&
    (template.locale === undefined || known.locale.includes(template.locale.replace('-', '_'))) &&
    (!needsMedia || media !== undefined)
  )
}

/** Replaces {{1}}, {{2}} … so that the phone shows what a person would read; an unknown template stays as it is. */
export function fillTemplate(content: PhoneContent, templates: Templates): PhoneContent {
  const { template } = content
  const known = template && findTemplate(templates, template.name)
  if (!template || !known) return content
  const header = known.header?.text && fill(known.header.text, [template.headerText ?? ''])
  const body = fill(known.body, template.parameters, template.named)
  const text = [header, body, known.footer].filter(Boolean).join('\n')
  const buttons = known.buttons.map((button, index) => filledButton(button, index, template))
  const { buttons: _unknown, ...rest } = content
  return { ...rest, text, ...(buttons.length > 0 ? { buttons } : {}) }
}

/** What a request gives takes the place of a payload, and is put into a link. */
function filledButton(button: PhoneButton, index: number, { buttonValues }: PhoneTemplate): PhoneButton {
  const given = buttonValues?.[String(index)]
  if (given === undefined || given === '') return button
  return { ...button, value: button.kind === 'url' ? fill(button.value, [given]) : given }
}

function fill(text: string, parameters: string[], named: Record<string, string> = {}): string {
  return text.replaceAll(
    /\{\{(\w+)\}\}/g,
    (_match, place: string) => named[place] ?? parameters[Number(place) - 1] ?? '',
  )
}
