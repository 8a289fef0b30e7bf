import { z } from 'zod'

const media = z.object({
  kind: z.enum(['image', 'audio', 'video', 'file', 'sticker']),
  url: z.string(),
  name: z.string().optional(),
})

/** What a request says of a template; the account knows its texts. */
const template = z.object({
  name: z.string(),
  /** Of the body, in order. */
  parameters: z.array(z.string()),
  /** Of the body, by name. */
  named: z.record(z.string(), z.string()).optional(),
  headerText: z.string().optional(),
  /** What stands behind the buttons, by their place: the payload, the end of a link, the token of a Flow. */
  buttonValues: z.record(z.string(), z.string()).optional(),
  locale: z.string().optional(),
})

const button = z.object({
  /** `reply` and `quick-reply` come back as such; `flow` opens a form, `order` sends one, `location` sends where one is. */
  kind: z.enum(['url', 'reply', 'quick-reply', 'call', 'copy', 'flow', 'order', 'location']),
  title: z.string(),
  /** Of a row in a list. */
  description: z.string().optional(),
  /** A link, a number, or what comes back when it is pressed: id, payload, the token of a Flow, an order in JSON. */
  value: z.string(),
})

/** What a phone shows of a message, whatever API carried it. */
export const phoneContentSchema = z.object({
  type: z.string(),
  text: z.string(),
  template: template.optional(),
  media: media.optional(),
  buttons: z.array(button).optional(),
  location: z
    .object({ lat: z.number(), long: z.number(), name: z.string().optional(), address: z.string().optional() })
    .optional(),
  reaction: z.object({ emoji: z.string(), to: z.string() }).optional(),
  /** As WhatsApp has them. */
  contacts: z.array(z.record(z.string(), z.unknown())).optional(),
  order: z.record(z.string(), z.unknown()).optional(),
  /** What was filled into a Flow. */
  flow: z.record(z.string(), z.unknown()).optional(),
  /** Of a binary SMS, both in hex. */
  binary: z.object({ data: z.string(), udh: z.string() }).optional(),
  quoted: z.string().optional(),
})

export type PhoneContent = z.infer<typeof phoneContentSchema>
export type PhoneMedia = z.infer<typeof media>
export type PhoneTemplate = z.infer<typeof template>
export type PhoneButton = z.infer<typeof button>

export type ReadContent =
  | { ok: true; content: PhoneContent }
  | { ok: false; problems: { name: string; reason: string }[] }
