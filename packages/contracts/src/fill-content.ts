import { cut } from './cut.ts'
import { fillText } from './fill-text.ts'
import { isTemplate, messageParts } from './message-content.ts'
import type { MessageParts } from './message-content.ts'

/** What stands for `{text}`, `{code}` and `{link}` in what an alert says on a channel. */
export interface AlertValues {
  text: string
  code: string
  link: string
}

/** Of one string: a caption of Viber's; what WhatsApp takes below a picture, above buttons and in a template is little more. */
const MAX_FILLED = 1_000
/** However long what stands around it is, and within an address, where a character may become nine. */
const LEAST_TEXT = 100

/** Content and options of a channel for one alert; undefined where that cannot be sent. What was checked at the door can. */
export function fillContent(parts: MessageParts, values: AlertValues): MessageParts | undefined {
  return messageParts.safeParse(fillStrings(parts, values)).data
}

/** With every string in it filled, at any depth; never a name. Templates have no line breaks. */
export function fillStrings({ content, options }: MessageParts, values: AlertValues): object {
  const oneLine = { ...values, text: values.text.replace(/\s+/g, ' ').trim() }
  return {
    ...(content ? { content: fillWithin(content, isTemplate(content) ? oneLine : values) } : {}),
    ...(options ? { options: fillWithin(options, values) } : {}),
  }
}

function fillWithin(value: unknown, values: AlertValues): unknown {
  if (typeof value === 'string') return fillString(value, values)
  if (Array.isArray(value)) return value.map((each) => fillWithin(each, values))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fillWithin(each, values)]))
}

function fillString(wording: string, { text, code, link }: AlertValues): string {
  if (isAddress(wording)) {
    const short = cut(text, LEAST_TEXT).toWellFormed()
    return fillText(wording, { text: encodeURIComponent(short), code: encodeURIComponent(code) })
  }
  const around = fillText(wording, { text: '', code, link }).length
  return fillText(wording, { text: cut(text, Math.max(MAX_FILLED - around, LEAST_TEXT)), code, link })
}

/** What is filled into an address must not end it. */
export function isAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text)
}

/** Every string in a value, with its place. */
export function stringsIn(value: unknown, path: string[] = []): { path: string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => stringsIn(each, [...path, name]))
}
