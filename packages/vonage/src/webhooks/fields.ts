import { addressProblem, isPhoneChannel } from '@switchboard/contracts'
import type { Channel } from '@switchboard/contracts'
import { z } from 'zod'

import { formats } from '../channels/formats.ts'

/** An integer beyond 2^53 has lost digits in JSON.parse: as an address it would be another person's. */
const exactNumber = z.number().refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value))

/** Vonage sends the same field as a string in one API and as a number in the next. */
export const scalar = z.union([z.string(), exactNumber.transform(String), z.boolean().transform(String)])

/** An optional scalar that may also be null, as the voice events have them. */
export const optionalScalar = scalar.nullish().transform((value) => value ?? undefined)

export const usage = z.object({ price: optionalScalar, currency: optionalScalar })

/** The address pair of Messages v0.1: `{type, number}` or `{type, id}`. */
export const endpointV01 = z.object({ type: z.string(), number: optionalScalar, id: optionalScalar })

/** A sender's address in our form, or undefined when nothing could be sent back to it. */
export function readAddress(channel: Channel, value: string): string | undefined {
  if (formats[channel].otherAddresses?.test(value)) return value
  const address = isPhoneChannel(channel) ? value.replace(/^\+/, '') : value
  return addressProblem(channel, address) === undefined ? address : undefined
}
