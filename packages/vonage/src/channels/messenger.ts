import { plainFormat } from './channel-format.ts'
import type { Sendable } from './channel-format.ts'

/** From a page id to a page-scoped id. A tag says why it may go out after the 24-hour window. */
export const messenger = plainFormat({
  channel: 'messenger',
  v01: { type: 'messenger', from: 'id', to: 'id' },
  optionsV1: categoryOf,
  optionsV01: categoryOf,
})

function categoryOf({ options: { messengerTag: tag, messengerCategory: category } = {} }: Sendable): object {
  if (tag !== undefined) return { messenger: { category: 'message_tag', tag } }
  return category === undefined ? {} : { messenger: { category } }
}
