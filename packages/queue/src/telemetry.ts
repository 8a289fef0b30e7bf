import { ProxyTracerProvider, trace } from '@opentelemetry/api'
import { BullMQOtel } from 'bullmq-otel'

/**
 * What a queue or worker is given so that a trace goes on through its jobs. Nothing, unless the process has registered
 * a tracer before: then jobs carry no trace and cost nothing more.
 */
export function telemetryOption(): { telemetry?: BullMQOtel } {
  const provider = trace.getTracerProvider()
  const isTraced = provider instanceof ProxyTracerProvider && provider.getDelegateTracer('switchboard') !== undefined
  return isTraced ? { telemetry: new BullMQOtel({ tracerName: 'switchboard' }) } : {}
}
