import { readFileSync } from 'node:fs'

import { expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import { startCollector } from '../support/collector.ts'
import { connectConsole } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import { connectOwnSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'

test('neither log lines nor traces hold the link of an alert, its words, an address, or a password', async () => {
  await using collector = await startCollector()
  await using stack = await startTestStack({
    redisServerUrl: inject('redisUrl'),
    env: {
      LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
  })
  const { ingress, console: consoleUrl, apiToken, consolePassword } = stack.addresses
  const simulator = connectOwnSimulator(stack)
  const alerts = createAlertClient(stack.addresses)
  const [phone, other] = [simulator.phone('sms'), simulator.phone('whatsapp')]
  const id = await alerts.start([{ name: 'Tony', phones: [phone, other] }], 'Boiler house flooded')
  const { text } = await phone.expects(/Boiler house flooded/)
  const token = /\/a\/([\w.-]+)/.exec(text)?.[1] ?? ''
  expect(token.length).toBeGreaterThan(22)
  const viewer = await connectConsole(consoleUrl, consolePassword)
  for (const path of ['/messages', `/alerts/${id}`, `/people/tel.${phone.address}`]) await viewer.get(path)
  for (const method of ['GET', 'POST']) expect((await fetch(`${ingress}/a/${token}`, { method })).status).toBe(200)
  await fetch(`${ingress}/a/${token}x`)
  await alerts.until(id, 'attended')

  const log = await eventually(() => {
    const written = readFileSync(stack.logFile, 'utf8')
    expect(written).toContain('alert.ended')
    expect(collector.spans.map(({ service }) => service)).toContain('switchboard-failover')
    return written
  })
  const secrets = { token, words: 'Boiler house', address: phone.address, apiToken, consolePassword }
  for (const [what, secret] of Object.entries(secrets)) {
    expect(
      log.split('\n').filter((line) => line.includes(secret)),
      what,
    ).toEqual([])
    expect(collector.received.join('\n').includes(secret), `${what} in traces`).toBe(false)
  }
})
