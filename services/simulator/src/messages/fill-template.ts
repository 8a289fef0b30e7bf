import type { AccountSettings } from '../account.ts'
import type { PhoneContent } from './phone-content.ts'

/** Replaces {{1}}, {{2}} … so that the phone shows what a person would read; an unknown template stays as it is. */
export function fillTemplate(content: PhoneContent, templates: AccountSettings['templates']): PhoneContent {
  const { template } = content
  const known = template && templates[template.name]
  if (!template || !known) return content
  const text = known.body.replaceAll(/\{\{(\d+)\}\}/g, (_match, position: string) => {
    return template.parameters[Number(position) - 1] ?? ''
  })
  return { ...content, text, ...(known.buttons.length > 0 ? { buttons: known.buttons } : {}) }
}
