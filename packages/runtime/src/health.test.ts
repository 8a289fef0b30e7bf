import { Gauge } from 'prom-client'
import { expect, it, vi } from 'vitest'

import { startHealth } from './health.ts'

const fail = () => Promise.reject(new Error('Redis is away'))

async function openHealth() {
  const health = await startHealth('feeds', 0, { sampleEveryMs: 10 })
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${health.port}${path}`)
    return { status: response.status, body: await response.text() }
  }
  return { health, get, [Symbol.asyncDispose]: () => health[Symbol.asyncDispose]() }
}

it('says alive and ready each by its own checks, and shows metrics', async () => {
  await using opened = await openHealth()
  const { health, get } = opened
  expect(await get('/livez')).toMatchObject({ status: 200 })
  expect(await get('/readyz?verbose')).toMatchObject({ status: 200 })

  health.addReadiness('redis', () => 'is away')
  health.addLiveness('feed-refresh', () => undefined)
  expect(await get('/livez')).toMatchObject({ status: 200 })
  const ready = await get('/readyz')
  expect(ready.status).toBe(503)
  expect(JSON.parse(ready.body)).toEqual({ service: 'feeds', status: 'failing', problems: ['redis: is away'] })

  expect((await get('/metrics')).body).toMatch(/process_cpu_user_seconds_total\{service="feeds"\}/)
  expect(await get('/')).toMatchObject({ status: 404 })
})

it('judges what was sampled last, and waits for no sample', async () => {
  await using opened = await openHealth()
  const { health, get } = opened
  let looks = 0
  const hanging = Promise.withResolvers<void>()
  health.addLiveness(
    'hangs',
    () => undefined,
    () => hanging.promise,
  )
  health.addLiveness(
    'fails',
    () => undefined,
    () => Promise.reject(new Error('away')),
  )
  health.addLiveness(
    'looks',
    () => (looks > 2 ? `has looked` : undefined),
    async () => void (looks += 1),
  )
  await vi.waitFor(async () => expect((await get('/livez')).body).toContain('looks: has looked'))
  hanging.resolve()
})

it('leaves out a metric that cannot be read, and lives', async () => {
  await using opened = await openHealth()
  const { health, get } = opened
  const registers = [health.metrics]
  const away = new Gauge({ name: 'away', help: 'lies in Redis', registers, collect: fail })
  new Gauge({ name: 'here', help: 'lies here', registers }).set(7)
  expect(away).toBeDefined()
  const { status, body } = await get('/metrics')
  expect(status).toBe(200)
  expect(body).toContain('here{service="feeds"} 7')
  expect(body).not.toContain('away')
})

it('names the variable when its port is taken', async () => {
  await using first = await startHealth('feeds', 0)
  await expect(startHealth('outbound', first.port)).rejects.toThrow(`HEALTH_PORT ${first.port} cannot be used`)
})
