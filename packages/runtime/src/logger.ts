import { pino } from 'pino'
import type { Logger } from 'pino'

import type { Tracing } from './tracing.ts'

export type { Logger } from 'pino'

/** One JSON line per event; `service` on every line. Addresses, texts and tokens never belong in a line. */
export function createLogger(service: string, level: string, tracing?: Tracing): Logger {
  const base = { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, errorKey: 'error' }
  return pino(tracing ? { ...base, mixin: tracing.ofLogLine } : base)
}
