import type { Contact, QuietHours } from '@switchboard/contracts'
import { isPhoneChannel } from '@switchboard/contracts'
import { countryOf, timeZonesOf } from '@switchboard/phone-numbers'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440
/** For a contact whose time nobody knows. */
const FALLBACK_ZONES = ['UTC']

/** When the quiet hours that a contact is in now end; undefined when it is in none. */
export type QuietUntil = (contact: Contact, hours: QuietHours, now: number) => number | undefined

/** Remembers the time zones of countries and how to read their clocks: both are slow to make. */
export function createQuietUntil(): QuietUntil {
  const clocks = new Map<string, Intl.DateTimeFormat>()
  const zones = new Map<string, string[]>()
  const clockOf = (timeZone: string) => {
    const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' })
    clocks.set(timeZone, clock)
    return clock
  }
  const zonesOf = ({ channel, address }: Contact) => {
    const country = isPhoneChannel(channel) ? countryOf(address) : undefined
    if (country === undefined) return FALLBACK_ZONES
    const found = zones.get(country) ?? timeZonesOf(country)
    zones.set(country, found)
    return found.length > 0 ? found : FALLBACK_ZONES
  }
  return (contact, hours, now) => {
    const ends = (hours.timeZone ? [hours.timeZone] : zonesOf(contact)).flatMap((zone) => {
      const minutesLeft = minutesOfQuiet(clockOf(zone).format(now), hours)
      return minutesLeft === undefined ? [] : [now - (now % MINUTE_MS) + minutesLeft * MINUTE_MS]
    })
    return ends.length === 0 ? undefined : Math.max(...ends)
  }
}

/** How many minutes of the quiet hours are left at a time of day (`23:05`); undefined outside them. */
export function minutesOfQuiet(timeOfDay: string, { from, to }: QuietHours): number | undefined {
  const [time, start, end] = [minutes(timeOfDay), minutes(from), minutes(to)]
  const isQuiet = start <= end ? time >= start && time < end : time >= start || time < end
  return isQuiet ? (end - time + DAY_MINUTES) % DAY_MINUTES : undefined
}

function minutes(timeOfDay: string): number {
  const [hours = 0, minute = 0] = timeOfDay.split(':').map(Number)
  return hours * 60 + minute
}
