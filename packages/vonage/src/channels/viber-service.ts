import { textFormat } from './channel-format.ts'

/** From a service id to a phone number. */
export const viberService = textFormat({
  maxTextLength: 1000,
  v01: { type: 'viber_service_msg', from: 'id', to: 'number' },
})
