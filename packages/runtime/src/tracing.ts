export interface Tracing extends AsyncDisposable {
  /** For every log line: which trace it belongs to. */
  readonly ofLogLine: () => { traceId?: string }
}

/**
 * OpenTelemetry, when `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; its own variables (`OTEL_…`) set everything else.
 * Without it nothing is loaded, and whoever makes spans makes none.
 */
export async function startTracing(service: string, endpoint: string | undefined): Promise<Tracing | undefined> {
  if (!endpoint) return undefined
  const [{ context, trace }, { NodeSDK }, { UndiciInstrumentation }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/instrumentation-undici'),
  ])
  const sdk = new NodeSDK({
    serviceName: `switchboard-${service}`,
    instrumentations: [new UndiciInstrumentation({ startSpanHook: withoutQuery })],
  })
  sdk.start()
  return {
    ofLogLine() {
      const traceId = trace.getSpanContext(context.active())?.traceId
      return traceId === undefined ? {} : { traceId }
    },
    async [Symbol.asyncDispose]() {
      // A collector that is away must not keep us from stopping.
      await sdk.shutdown().catch(() => undefined)
    },
  }
}

/** Keys of other services travel in queries. */
function withoutQuery({ origin, path }: { origin: string; path: string }): Record<string, string> {
  return { 'url.full': `${origin}${path.split('?')[0]}`, 'url.query': '' }
}

/**
 * Whether anybody wants spans: who makes some for every request need not do so for nobody. Asks the place where
 * OpenTelemetry keeps what is registered: asking its interface would load a hundred files.
 */
export function isTracing(): boolean {
  const registered: unknown = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'))
  return typeof registered === 'object' && registered !== null && 'trace' in registered
}
