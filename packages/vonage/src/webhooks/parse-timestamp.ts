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

/** A provider's clock may run ahead of ours by so much. */
const FUTURE_MS = 60_000

/**
 * When something happened by the provider's clock, or when it reached us if that cannot be read. Not later than a minute
 * after it reached us: what orders and outlives other events must not come from the far future.
 */
export function eventTime(text: string | undefined, receivedAt: number): number {
  return Math.min(parseTimestamp(text ?? '') ?? receivedAt, receivedAt + FUTURE_MS)
}

function isoZone(zone: string): string {
  if (zone === 'UTC' || zone === 'Z') return 'Z'
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
}
