import { cut } from '@switchboard/contracts'
import type { MessageMedia, ReplyButton } from '@switchboard/contracts'

/** WhatsApp's limits (Cloud API, interactive messages), in characters and pieces. */
const MAX_BODY = 1_024
const BUTTONS = { count: 3, title: 20 }
const ROWS = { count: 10, title: 24, description: 72 }

/** The object under `custom` of a WhatsApp message with buttons or, if there are many or long ones, with a list. */
export interface Interactive {
  type: 'interactive'
  interactive: object
}

/** What stands above the text. */
type InteractiveHeader = { type: 'image' | 'video' | 'document' } & Record<string, unknown>

export function headerOf(media: MessageMedia): InteractiveHeader | undefined {
  switch (media.type) {
    case 'image':
    case 'video':
      return { type: media.type, [media.type]: { link: media.url } }
    case 'file':
      return {
        type: 'document',
        document: { link: media.url, ...(media.name === undefined ? {} : { filename: media.name }) },
      }
    case 'audio':
      return undefined
  }
}

/** Undefined where WhatsApp would refuse it: what the text says can still be typed. */
export function interactiveOf(
  text: string,
  buttons: readonly ReplyButton[],
  header?: InteractiveHeader,
): Interactive | undefined {
  if (buttons.length === 0 || text.length > MAX_BODY) return undefined
  const body = { text }
  if (buttons.length <= BUTTONS.count && buttons.every(({ title }) => title.length <= BUTTONS.title)) {
    const replies = buttons.map(({ id, title }) => ({ type: 'reply', reply: { id, title } }))
    return ifTold(
      buttons,
      { type: 'button', ...shownAbove(header), body, action: { buttons: replies } },
      (title) => title,
    )
  }
  // A list has room for text alone.
  if (header || buttons.length > ROWS.count) return undefined
  const rows = buttons.map(({ id, title }) => ({
    id,
    title: cut(title, ROWS.title, '…'),
    ...(title.length > ROWS.title ? { description: cut(title, ROWS.description, '…') } : {}),
  }))
  const list = { type: 'list', body, action: { button: 'Choose', sections: [{ rows }] } }
  return ifTold(buttons, list, (title) => cut(title, ROWS.title, '…'))
}

function shownAbove(header: InteractiveHeader | undefined): { header?: InteractiveHeader } {
  return header ? { header } : {}
}

/** Titles that look the same are refused. */
function ifTold(
  buttons: readonly ReplyButton[],
  interactive: object,
  shown: (title: string) => string,
): Interactive | undefined {
  const titles = new Set(buttons.map(({ title }) => shown(title)))
  return titles.size === buttons.length ? { type: 'interactive', interactive } : undefined
}
