import { expect, it } from 'vitest'

import { startHealth } from './health.ts'

it('says alive and ready each by its own checks, and shows metrics', async () => {
  await using health = await startHealth('feeds', 0)
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${health.port}${path}`)
    return { status: response.status, body: await response.text() }
  }
  expect(await get('/livez')).toMatchObject({ status: 200 })
  expect(await get('/readyz?verbose')).toMatchObject({ status: 200 })

  health.addReadiness('redis', async () => 'does not answer')
  health.addLiveness('feed-refresh', () => undefined)
  health.addReadiness('settings', () => Promise.reject(new Error('broken')))
  expect(await get('/livez')).toMatchObject({ status: 200 })
  const ready = await get('/readyz')
  expect(ready.status).toBe(503)
  expect(JSON.parse(ready.body)).toEqual({
    service: 'feeds',
    status: 'failing',
    problems: ['redis: does not answer', 'settings: Error: broken'],
  })

  expect((await get('/metrics')).body).toMatch(/process_cpu_user_seconds_total\{service="feeds"\}/)
  expect(await get('/')).toMatchObject({ status: 404 })
})

it('names the variable when its port is taken', async () => {
  await using first = await startHealth('feeds', 0)
  await expect(startHealth('outbound', first.port)).rejects.toThrow(`HEALTH_PORT ${first.port} cannot be used`)
})
