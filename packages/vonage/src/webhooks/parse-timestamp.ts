const PATTERN = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)? ?(Z|UTC|[+-]\d{2}:?\d{2})?$/

/**
 * Milliseconds of a timestamp in any of Vonage's styles: ISO with or without milliseconds, `YYYY-MM-DD HH:MM:SS`
 * with or without ` UTC`. Without a zone it is UTC (SMS API). Undefined when it is none of them.
 */
export function parseTimestamp(text: string): number | undefined {
  const match = PATTERN.exec(text.trim())
  if (match === null) return undefined
  const [, date, time, fraction = '', zone = 'Z'] = match
  const at = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${isoZone(zone)}`)
  return Number.isNaN(at) ? undefined : at
}

function isoZone(zone: string): string {
  if (zone === 'UTC' || zone === 'Z') return 'Z'
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
}
