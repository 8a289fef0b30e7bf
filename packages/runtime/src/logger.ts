import { pino } from 'pino'
import type { Logger } from 'pino'

import { traceOfLogLine } from './tracing.ts'

export type { Logger } from 'pino'

/** One JSON line per event; `service` on every line. Addresses, texts and tokens never belong in a line. */
export function createLogger(service: string, level: string, isTraced = false): Logger {
  const base = { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, errorKey: 'error' }
  return pino(isTraced ? { ...base, mixin: traceOfLogLine } : base)
}
