import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

import { openSharedBrowser } from '../support/browser.ts'
import { inTheDark, lookProblems, openConsole, shadeProblems } from '../support/console-page.ts'
import { missingPages, plainPaths } from '../support/console-paths.ts'
import { startConsoleService } from '../support/console-service.ts'
import { startPrivateRedis } from '../support/redis.ts'

const WIDTHS = [1_440, 900, 390]
const listed = z.object({ msg: z.literal('console.routes'), routes: z.array(z.string()) })

let browser: Browser | undefined
beforeAll(async () => void (browser = await openSharedBrowser()))
afterAll(() => browser?.close())

test('every page with nothing on it, and while Redis is away, in all widths and shades', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  await using redis = await startPrivateRedis(context)
  const lines: unknown[] = []
  const environment = { LOG_LEVEL: 'debug', REDIS_URL: redis.url }
  await using service = await startConsoleService(environment, (line) => void lines.push(JSON.parse(line)))
  const routes = () =>
    lines.flatMap((line) => listed.safeParse(line).data?.routes ?? []).map((route) => route.split(' '))
  // What a process writes is read a little later.
  await expect.poll(routes).not.toEqual([])
  expect(missingPages(routes().map(([method = '', url = '']) => ({ method, url })))).toEqual([])

  const { page } = await openConsole(browser, service)
  await page.goto('/')
  // What is missing is said where everybody comes first.
  await page.getByText('ingress is not running.').waitFor()
  const problems: string[] = []
  for (const path of plainPaths) {
    await page.setViewportSize({ width: 1_440, height: 900 })
    await page.goto(path, { waitUntil: 'domcontentloaded' })
    problems.push(...(await inTheDark(page, shadeProblems)), ...(await lookProblems(page, WIDTHS)))
  }
  await redis.kill()
  for (const path of plainPaths) {
    const response = await page.request.get(path)
    if (response.status() !== 503) problems.push(`${path} answers ${response.status()} while Redis is away`)
  }
  await page.setViewportSize({ width: 1_440, height: 900 })
  await page.goto('/', { waitUntil: 'domcontentloaded' })
  await page.getByRole('heading', { name: 'Redis is away' }).waitFor()
  // It loads itself anew until Redis is back: nothing on it is lost by that.
  problems.push(...(await inTheDark(page, shadeProblems)))
  const found = await lookProblems(page, WIDTHS)
  problems.push(...found.filter((problem) => !problem.includes(' meta-refresh: ')))
  expect(problems).toEqual([])
})
