import type { MessageTemplate, OutboundMessage } from '@switchboard/contracts'

import { textFormat } from './channel-format.ts'
import type { ChannelFormat } from './channel-format.ts'
import { interactiveOf } from './reply-buttons.ts'
import type { Interactive } from './reply-buttons.ts'

const plain = textFormat({ maxTextLength: 4096, v01: { type: 'whatsapp', from: 'number', to: 'number' } })

/** Plain text, with buttons or a list, inside the 24-hour window; an approved template at any time. */
export const whatsapp: ChannelFormat = {
  ...plain,
  contentV1(message) {
    const { template, text } = message
    if (template === undefined) {
      const custom = buttonsOf(message)
      return custom ? { message_type: 'custom', custom } : plain.contentV1(message)
    }
    return {
      message_type: 'template',
      template: { name: template.name, parameters: fillParameters(template, text) },
      whatsapp: options(template),
    }
  },
  contentV01(message, style) {
    const { template, text } = message
    if (template === undefined) {
      const custom = buttonsOf(message)
      return custom ? { content: { type: 'custom', custom } } : plain.contentV01(message, style)
    }
    const filled = fillParameters(template, text)
    const parameters = style === 'strings' ? filled : filled.map((value) => ({ default: value }))
    return { content: { type: 'template', template: { name: template.name, parameters } }, whatsapp: options(template) }
  },
}

function buttonsOf({ text, buttons = [] }: Pick<OutboundMessage, 'text' | 'buttons'>): Interactive | undefined {
  return interactiveOf(text, buttons)
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
