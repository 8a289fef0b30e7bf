import { textFormat } from './channel-format.ts'

/** From a page id to a page-scoped id. */
export const messenger = textFormat({ maxTextLength: 640, v01: { type: 'messenger', from: 'id', to: 'id' } })
