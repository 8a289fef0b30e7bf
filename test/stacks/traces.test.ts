import { readFileSync } from 'node:fs'

import { expect, inject, test } from 'vitest'

import { startCollector } from '../support/collector.ts'
import { eventually } from '../support/eventually.ts'
import { connectSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'

test('one trace from the webhook through every queue to the request to Vonage, and in the log', async () => {
  await using collector = await startCollector()
  await using stack = await startTestStack({
    redisServerUrl: inject('redisUrl'),
    logFile: '.vitest/traces.log',
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
  })
  const phone = connectSimulator(stack.addresses.simulator).phone('sms')
  await phone.sends('MSFT')
  await phone.expects(/You now receive MSFT/)

  await eventually(() => {
    const { traceId } = collector.spans.find(({ name }) => name === 'POST /webhooks/inbound') ?? {}
    expect(traceId).toBeDefined()
    const spans = collector.spans.filter((span) => span.traceId === traceId)
    expect(new Set(spans.map(({ service }) => service))).toEqual(
      // The console writes down who follows what.
      new Set(
        ['ingress', 'inbound-router', 'subscriptions', 'outbound', 'console'].map((name) => `switchboard-${name}`),
      ),
    )
    expect(spans.filter(({ service, name }) => service === 'switchboard-outbound' && name === 'POST')).toHaveLength(1)
    const lines = readFileSync(stack.logFile, 'utf8').split('\n')
    const events = lines.filter((line) => line.includes(String(traceId)))
    expect(events.join('\n')).toContain('inbound.routed')
    expect(events.join('\n')).toContain('message.accepted')
  })
})
