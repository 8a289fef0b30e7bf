import { textWithLink } from '@switchboard/contracts'
import type { MessageTemplate } from '@switchboard/contracts'

import { plainFormat } from './channel-format.ts'
import type { ChannelFormat, Sendable } from './channel-format.ts'
import { headerOf, interactiveOf } from './reply-buttons.ts'
import type { Interactive } from './reply-buttons.ts'

const plain = plainFormat({
  channel: 'whatsapp',
  v01: { type: 'whatsapp', from: 'number', to: 'number' },
  captions: { of: ['image', 'video', 'file'], maxLength: 1024 },
})

/** Text, with buttons or a list, and media inside the 24-hour window; an approved template at any time. */
export const whatsapp: ChannelFormat = {
  ...plain,
  /** A business-scoped user id stands where the number would be: `US.1349…`. */
  otherAddresses: /^[A-Z]{2}\.\w{1,90}$/,
  contentV1(message) {
    const template = templateOf(message)
    const custom = buttonsOf(message)
    if (template === undefined) return custom ? { message_type: 'custom', custom } : plain.contentV1(message)
    return {
      message_type: 'template',
      template: { name: template.name, parameters: fillParameters(template, message.text) },
      whatsapp: options(template),
    }
  },
  contentV01(message, style) {
    const template = templateOf(message)
    const custom = buttonsOf(message)
    if (template === undefined)
      return custom ? { content: { type: 'custom', custom } } : plain.contentV01(message, style)
    const filled = fillParameters(template, message.text)
    const parameters = style === 'strings' ? filled : filled.map((value) => ({ default: value }))
    return { content: { type: 'template', template: { name: template.name, parameters } }, whatsapp: options(template) }
  },
}

function templateOf({ template, content }: Sendable): MessageTemplate | undefined {
  return content?.type === 'template' ? content.template : template
}

function buttonsOf({ text, buttons = [], content, media }: Sendable): Interactive | undefined {
  if (content) return undefined
  const header = media && headerOf(media)
  return interactiveOf(header ? text : textWithLink(text, media), buttons, header)
}

/** The only policy that WhatsApp still takes; the locale is required. */
function options({ locale }: MessageTemplate): { policy: 'deterministic'; locale: string } {
  return { policy: 'deterministic', locale }
}

/** WhatsApp refuses parameters with line breaks, tabs or runs of spaces. */
function fillParameters({ parameters }: MessageTemplate, text: string): string[] {
  const oneLine = text.replace(/\s+/g, ' ').trim()
  return parameters.map((parameter) => parameter.replaceAll('{text}', () => oneLine))
}
