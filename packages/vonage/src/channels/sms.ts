import { plainFormat } from './channel-format.ts'

/** The sender is a number, a short code or at most 11 letters and digits, under `number` all the same. */
export const sms = plainFormat({
  channel: 'sms',
  v01: { type: 'sms', from: 'number', to: 'number' },
  leavesMedia: true,
  optionsV1: ({ options }) => (options?.ttlSeconds === undefined ? {} : { ttl: options.ttlSeconds }),
})
