import { plainFormat } from './channel-format.ts'

/** The sender is a number, a short code or at most 11 letters and digits, under `number` all the same. */
export const sms = plainFormat({
  maxTextLength: 3200,
  v01: { type: 'sms', from: 'number', to: 'number' },
  takes: [],
  leavesMedia: true,
  takesOptions: ['ttlSeconds'],
  optionsV1: ({ options }) => (options?.ttlSeconds === undefined ? {} : { ttl: options.ttlSeconds }),
})
