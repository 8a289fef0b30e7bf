/** What a phone shows of a message, whatever API carried it. */
export interface PhoneContent {
  type: string
  text: string
  template?: PhoneTemplate
  media?: PhoneMedia
  buttons?: PhoneButton[]
  location?: { lat: number; long: number; name?: string; address?: string }
  reaction?: { emoji: string; to: string }
  /** As WhatsApp has them. */
  contacts?: Record<string, unknown>[]
  order?: Record<string, unknown>
  /** What was filled into a Flow. */
  flow?: Record<string, unknown>
  /** Of a binary SMS, both in hex. */
  binary?: { data: string; udh: string }
  quoted?: string
}

export interface PhoneMedia {
  kind: 'image' | 'audio' | 'video' | 'file' | 'sticker'
  url: string
  name?: string
}

/** What a request says of a template; the account knows its texts. */
export interface PhoneTemplate {
  name: string
  /** Of the body, in order. */
  parameters: string[]
  /** Of the body, by name. */
  named?: Record<string, string>
  headerText?: string
  /** What stands behind the buttons, by their place: the payload, the end of a link, the token of a Flow. */
  buttonValues?: Record<string, string>
  locale?: string
}

export interface PhoneButton {
  /** `reply` and `quick-reply` come back as such; `flow` opens a form, `order` sends one, `location` sends where one is. */
  kind: 'url' | 'reply' | 'quick-reply' | 'call' | 'copy' | 'flow' | 'order' | 'location'
  title: string
  /** Of a row in a list. */
  description?: string
  /** A link, a number, or what comes back when it is pressed: id, payload, the token of a Flow, an order in JSON. */
  value: string
}

export type ReadContent =
  | { ok: true; content: PhoneContent }
  | { ok: false; problems: { name: string; reason: string }[] }
