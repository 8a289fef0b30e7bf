export { countryOf, readPhoneNumber } from './read-phone-number.ts'
export type { PhoneNumberReading } from './read-phone-number.ts'
export { timeZonesOf } from './time-zones-of.ts'
