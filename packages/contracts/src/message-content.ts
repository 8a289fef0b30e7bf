import { z } from 'zod'

import { messageTemplate } from './message-template.ts'

const url = z.url({ protocol: /^https?$/ }).max(2_000)
const caption = z.string().min(1).max(3_000).exactOptional()

const image = z.strictObject({ type: z.literal('image'), url })
const audio = z.strictObject({ type: z.literal('audio'), url })
const video = z.strictObject({
  type: z.literal('video'),
  url,
  thumbUrl: url.exactOptional().describe('required on Viber'),
  durationSeconds: z.int().min(1).max(600).exactOptional().describe('required on Viber'),
  megabytes: z.int().min(1).max(200).exactOptional().describe('required on Viber'),
})
const file = z.strictObject({
  type: z.literal('file'),
  url,
  name: z.string().min(1).max(200).exactOptional(),
})

/** What comes with a text: in one message where the channel has that, else as a link. Which channel does: packages/vonage. */
export const messageMedia = z.discriminatedUnion('type', [image, audio, video, file])
export type MessageMedia = z.infer<typeof messageMedia>

/** The text of whoever is shown no media. */
export function textWithLink(text: string, media: MessageMedia | undefined): string {
  return media ? `${text}\n${media.url}` : text
}

/** A carousel of templates with buttons has ten. */
const DEEPEST_CUSTOM = 20

/** What a message is instead of text, by the names of the Messages API. Which channel takes what: packages/vonage. */
export const messageContent = z.discriminatedUnion('type', [
  image.extend({ caption }),
  audio,
  video.extend({ caption }),
  file.extend({ caption }),
  z.strictObject({ type: z.literal('sticker'), url }),
  z.strictObject({ type: z.literal('template'), template: messageTemplate }).describe('goes out at any time'),
  z
    .strictObject({
      type: z.literal('custom'),
      custom: z
        .record(z.string(), z.unknown())
        .refine((custom) => isWithin(custom, DEEPEST_CUSTOM), `must have at most ${DEEPEST_CUSTOM} levels`),
    })
    .describe('as the Cloud API of WhatsApp has it: lists, locations, contacts, templates with a header and buttons'),
])
export type MessageContent = z.infer<typeof messageContent>

/** What WhatsApp lets out at any time: what it has approved, in either form. */
export function isTemplate(content: MessageContent): boolean {
  return content.type === 'template' || (content.type === 'custom' && content.custom['type'] === 'template')
}

/** The text by which people recognise a message that has none. */
export function describeContent(content: MessageContent): string {
  if ('caption' in content && content.caption !== undefined) return content.caption
  return content.type === 'template' ? `[template ${content.template.name}]` : `[${content.type}]`
}

/** How a channel is asked to treat a message. */
export const messageOptions = z.strictObject({
  ttlSeconds: z.int().min(20).max(604_800).exactOptional().describe('given up after this; SMS and Viber'),
  messengerTag: z.string().min(1).max(60).exactOptional().describe('such as ACCOUNT_UPDATE: goes out at any time'),
  messengerCategory: z.enum(['response', 'update']).exactOptional().describe('where there is no tag'),
  viberCategory: z.enum(['transaction', 'promotion']).exactOptional(),
  viberType: z.string().min(1).max(60).exactOptional().describe('such as template'),
  viberButton: z
    .strictObject({ url, text: z.string().min(1).max(30) })
    .exactOptional()
    .describe('a link under the message'),
})
export type MessageOptions = z.infer<typeof messageOptions>

/** What a message may be instead of a text, and how it is treated: of whoever asks for one, and of a channel of a policy. */
export const messageParts = z.object({
  content: messageContent.exactOptional().describe('instead of a text'),
  options: messageOptions.exactOptional(),
})
export type MessageParts = z.infer<typeof messageParts>

/** Level by level: what is nested deeper than the stack is read as well. */
function isWithin(value: unknown, levels: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return false
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return true
}
