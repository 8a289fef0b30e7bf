import { z } from 'zod'

const names = z.array(z.string())

/** The IANA time zones of a country, as the runtime's CLDR data knows them; none for an unknown country. */
export function timeZonesOf(country: string): string[] {
  const locale = new Intl.Locale('und', { region: country })
  // Node 24 has Intl.Locale.prototype.getTimeZones; TypeScript's library does not describe it yet.
  const getTimeZones: unknown = Reflect.get(locale, 'getTimeZones')
  if (typeof getTimeZones !== 'function') return []
  const read = names.safeParse(Reflect.apply(getTimeZones, locale, []))
  return read.success ? read.data : []
}
