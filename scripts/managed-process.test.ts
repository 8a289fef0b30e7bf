import { expect, test } from 'vitest'

import { startNodeProcess, untilReady } from './managed-process.ts'

const env = process.env

test('a process that ends before it is ready is an error that names it, its end, and keeps its last lines', async () => {
  const started = startNodeProcess({ name: 'outbound', args: ['-e', 'console.error("no key"); process.exit(3)'], env })
  const failure = untilReady(started, async () => 'not yet')
  await expect(failure).rejects.toThrow('outbound ended unexpectedly with exit code 3')
  expect(await started.ended).toMatchObject({ lastLines: ['no key'] })
})

test('a command that does not exist is an end, too', async () => {
  const started = startNodeProcess({ name: 'feeds', args: ['/no/such/file.ts'], env })
  expect(await started.ended).toMatchObject({ name: 'feeds', reason: 'exit code 1' })
})

test('disposing asks with SIGTERM and waits for the end', async () => {
  const source = 'process.on("SIGTERM", () => { console.log("bye"); process.exit(0) }); setInterval(() => {}, 9)'
  const lines: string[] = []
  const onLine = (line: string) => void lines.push(line)
  const started = startNodeProcess({ name: 'echo', args: ['-e', `${source}; console.log("up")`], env, onLine })
  await untilReady(started, async () => (lines.includes('up') ? undefined : 'not up'))
  await started[Symbol.asyncDispose]()
  expect(lines).toEqual(['up', 'bye'])
  expect(await started.ended).toMatchObject({ reason: 'exit code 0' })
})
