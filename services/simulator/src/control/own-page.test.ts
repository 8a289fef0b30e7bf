import { request } from 'node:http'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startRig, type Rig } from '../testing/start.ts'

let rig: Rig
beforeEach(async () => void (rig = await startRig()))
afterEach(() => rig[Symbol.asyncDispose]())

/** As a browser does, which says where a request comes from. */
function statusOf(method: string, path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${rig.url}${path}`, { method, headers }, (response) => {
      resolve(response.statusCode)
      response.destroy()
    })
    sent.on('error', reject).end()
  })
}

test.each(['cross-site', 'same-site'])(
  'a page of another origin (%s) is not even answered what only reads',
  async (site) => {
    const asked = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' }
    for (const path of ['/snapshot', '/events', '/control/log'])
      expect(await statusOf('GET', path, asked), path).toBe(403)
  },
)

test('nor does a form of it change anything, also where the browser does not say whose it is', async () => {
  const led = { 'sec-fetch-mode': 'navigate', 'content-type': 'application/x-www-form-urlencoded' }
  for (const origin of ['null', 'http://localhost:1', 'https://evil.test']) {
    expect(await statusOf('POST', '/control/reset', { ...led, origin }), origin).toBe(403)
  }
  expect(await statusOf('POST', '/control/reset', { ...led, 'sec-fetch-site': 'cross-site' })).toBe(403)
})

test('a link leads to the page, its own scripts read, and so do programs', async () => {
  const led = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  expect(await statusOf('GET', '/', led)).toBe(200)
  const own = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
  expect(await statusOf('GET', '/snapshot', own)).toBe(200)
  expect(await statusOf('GET', '/control/log', {})).toBe(200)
})

test('the page may not be framed, and has neither scripts in its markup nor another base', async () => {
  const policy = (await fetch(rig.url)).headers.get('content-security-policy')?.split('; ') ?? []
  const needed = ["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"]
  expect(policy).toEqual(expect.arrayContaining(needed))
  expect(policy.some((each) => each.startsWith('script-src'))).toBe(false)
})
