import { addressProblem, isPhoneChannel } from '@switchboard/contracts'
import type { Channel } from '@switchboard/contracts'

import { readPhoneNumber } from './read-phone-number.ts'

export type AddressReading =
  | { kind: 'address'; address: string; warnings: string[] }
  | { kind: 'invalid'; problem: string }

/** An address as people write it: a phone number, or an id, which is taken as it is. */
export function readAddress(channel: Channel, text: string, defaultCountry: string | undefined): AddressReading {
  if (!isPhoneChannel(channel)) {
    const problem = addressProblem(channel, text)
    return problem ? { kind: 'invalid', problem } : { kind: 'address', address: text, warnings: [] }
  }
  const read = readPhoneNumber(text, defaultCountry)
  return read.kind === 'number' ? { kind: 'address', address: read.address, warnings: read.warnings } : read
}
