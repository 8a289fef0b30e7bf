/** What a phone shows of a message, whatever API carried it. */
export interface PhoneContent {
  type: string
  text: string
  template?: { name: string; parameters: string[]; locale?: string }
  media?: { kind: 'image' | 'audio' | 'video' | 'file' | 'sticker'; url: string; name?: string }
  buttons?: PhoneButton[]
  location?: { lat: number; long: number; name?: string; address?: string }
  reaction?: { emoji: string; to: string }
  /** As WhatsApp has them. */
  contacts?: Record<string, unknown>[]
  order?: Record<string, unknown>
  quoted?: string
}

export interface PhoneButton {
  kind: 'url' | 'reply' | 'quick-reply'
  title: string
  /** The address of a link, or the id or payload that comes back when it is pressed. */
  value: string
}

export type ReadContent =
  | { ok: true; content: PhoneContent }
  | { ok: false; problems: { name: string; reason: string }[] }
