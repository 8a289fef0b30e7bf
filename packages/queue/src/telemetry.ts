import { createRequire } from 'node:module'

import type * as Library from 'bullmq-otel'

const require = createRequire(import.meta.url)

/**
 * What a queue or worker is given so that a trace goes on through its jobs. Nothing, unless the process has registered
 * a tracer before: then jobs carry no trace and cost nothing more, and no part of OpenTelemetry is loaded.
 */
export function telemetryOption(): { telemetry?: Library.BullMQOtel } {
  if (!isTracing()) return {}
  const { BullMQOtel }: typeof Library = require('bullmq-otel')
  return { telemetry: new BullMQOtel({ tracerName: 'switchboard' }) }
}

/** Asks the place where OpenTelemetry keeps what is registered: asking its interface would load a hundred files. */
function isTracing(): boolean {
  const registered: unknown = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'))
  return typeof registered === 'object' && registered !== null && 'trace' in registered
}
