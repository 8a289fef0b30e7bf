import { execFileSync } from 'node:child_process'

import { expect, test } from 'vitest'

/** Which packages of OpenTelemetry a process has loaded after it was asked to start tracing. */
function loadedAfterStart(endpoint: string): string[] {
  const script = `
    const { registerHooks } = await import('node:module')
    const urls = []
    registerHooks({
      load: (url, context, next) => {
        urls.push(url)
        return next(url, context)
      },
    })
    const { startTracing } = await import(${JSON.stringify(new URL('tracing.ts', import.meta.url).href)})
    await startTracing('test', process.argv[1])
    console.log(JSON.stringify(urls.flatMap((url) => /@opentelemetry\\/([\\w-]+)/.exec(url)?.[1] ?? [])))
    process.exit()`
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script, endpoint], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  const loaded: string[] = JSON.parse(output)
  return [...new Set(loaded)]
}

test('without a collector no part of OpenTelemetry is loaded', () => {
  expect(loadedAfterStart('')).toEqual([])
})

test('with one its SDK is', () => {
  expect(loadedAfterStart('http://127.0.0.1:1')).toContain('sdk-node')
})
