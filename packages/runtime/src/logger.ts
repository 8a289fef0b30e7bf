import { pino } from 'pino'
import type { Logger } from 'pino'

export type { Logger } from 'pino'

/** One JSON line per event; `service` on every line. Addresses, texts and tokens never belong in a line. */
export function createLogger(service: string, level: string): Logger {
  return pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, errorKey: 'error' })
}
