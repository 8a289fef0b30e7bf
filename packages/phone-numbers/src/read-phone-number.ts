import { createRequire } from 'node:module'

import type * as Library from 'libphonenumber-js/max'

type PhoneNumber = Library.PhoneNumber

const require = createRequire(import.meta.url)

export type PhoneNumberReading =
  | {
      kind: 'number'
      /** E.164 without `+`. */
      address: string
      /** Such as `GB`. */
      country: string | undefined
      /** It costs the caller extra, or is nobody's phone: premium rate, shared cost, redirections, companies, pagers. */
      isService: boolean
      /** What is odd about it, though it may be used. */
      warnings: string[]
    }
  | { kind: 'invalid'; problem: string }

/**
 * Reads a phone number as people write it: with `+` or `00`, in the form of the default country, or as bare E.164
 * digits. Possible is enough (numbers reserved for documentation are never valid); one that is not valid gets a warning.
 */
export function readPhoneNumber(text: string, defaultCountry?: string): PhoneNumberReading {
  const written = text.normalize('NFKC').trim()
  if (!/^[+\d\s().\-/‐-―]{5,40}$/.test(written)) return invalid
  const candidates = /^(\+|00)/.test(written)
    ? [written.replace(/^00/, '+')]
    : [...(defaultCountry ? [written] : []), `+${written.replaceAll(/\D/g, '')}`]
  const numbers = candidates.flatMap((candidate) => parse(candidate, defaultCountry) ?? [])
  // A valid reading beats a merely possible one: 447700… in the form of the default country may be possible too.
  const number = numbers.find((one) => one.isValid()) ?? numbers.find((one) => one.isPossible())
  if (!number) return invalid
  const warnings = number.isValid() ? [] : ['the number is possible, but not in use according to its numbering plan']
  return {
    kind: 'number',
    address: number.number.slice(1),
    country: countryOfNumber(number),
    isService: isService(number),
    warnings,
  }
}

/** The country of an address in E.164 form without `+`. */
export function countryOf(address: string): string | undefined {
  const number = parse(`+${address}`)
  return number && countryOfNumber(number)
}

const serviceTypes = new Set<string | undefined>([
  'PREMIUM_RATE',
  'SHARED_COST',
  'TOLL_FREE',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
])

/** A number whose type its plan does not tell is none: many countries do not say which of theirs are mobile. */
function isService(number: PhoneNumber): boolean {
  return serviceTypes.has(number.getType())
}

/** Where the number does not tell, the first country of its code is the main one: GB of 44, US of 1. */
function countryOfNumber(number: PhoneNumber): string | undefined {
  return number.country ?? number.getPossibleCountries()[0]
}

const invalid: PhoneNumberReading = {
  kind: 'invalid',
  problem: 'is not a phone number; write it with its country code, such as +44 7700 900123',
}

function parse(text: string, country?: string): PhoneNumber | undefined {
  const { isSupportedCountry, parsePhoneNumberFromString } = loadLibrary()
  const number =
    country !== undefined && isSupportedCountry(country)
      ? parsePhoneNumberFromString(text, { defaultCountry: country, extract: false })
      : parsePhoneNumberFromString(text, { extract: false })
  return number && /^\+[1-9]\d{6,14}$/.test(number.number) ? number : undefined
}

/** The numbering plans of the world take 17 MB: only who has read a number has them. */
function loadLibrary(): typeof Library {
  return require('libphonenumber-js/max')
}
