import { outboundQueues, PermanentError } from '@switchboard/contracts'
import { createFailedJobs, openQueues, startWorker } from '@switchboard/queue'
import type { JobRef } from '@switchboard/queue'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'

import { createFailedRuns } from '../../services/console/src/failed-run.ts'
import { connectConsole } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'
import { fillFailed } from '../support/fill-failed.ts'
import { openTestRedis } from '../support/redis.ts'

const COUNT = 2_500
const CLOSED = COUNT - Math.ceil(COUNT / 3)
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const log = { error: ({ error }: { error?: unknown }) => expect.fail(String(error)) }

test('all failed jobs that fit are discarded or retried, page by page, however many there are; what fails meanwhile stays', async () => {
  await using redis = await openTestRedis()
  await fillFailed(redis.client, COUNT, Date.now())
  await using queues = openQueues(redis.client)
  const failed = createFailedJobs(queues)
  const { name } = outboundQueues.sms
  const queue = queues.byName.get(name)
  const { signal } = new AbortController()
  const runs = createFailedRuns({ failed, log, signal, now: Date.now })

  const begun = runs.start({ action: 'discard', filter: { text: 'closed' }, target: 'closed', total: COUNT })
  expect(runs.start({ action: 'retry', filter: {}, target: 'all', total: COUNT })).toBeUndefined()
  expect(runs.get()).toMatchObject({ changed: 0, lookedAt: 0 })
  // One more fails while it is under way.
  await fillFailed(redis.client, 1, Date.now() + 7_200_000)
  expect(await begun?.ended).toMatchObject({ lookedAt: COUNT - 1, changed: CLOSED })
  expect(await queue?.getFailedCount()).toBe(COUNT - CLOSED)

  const pages: { lookedAt: number; changed: JobRef[] }[] = []
  const onPage = async (page: (typeof pages)[number]) => void pages.push(page)
  await failed.changeAll('retry', { queue: name }, { onPage, signal })
  expect(pages.map(({ lookedAt }) => lookedAt)).toEqual([100, 100, 100, 100, 100, 100, 100, 100, 33])
  expect(await queue?.getFailedCount()).toBe(1)
  const [waiting] = (await queue?.getJobs(['waiting', 'prioritized'])) ?? []
  expect(waiting).toMatchObject({ attemptsMade: 0, data: { channel: 'sms' } })
  expect(await queue?.getJobCountByTypes('waiting', 'prioritized')).toBe(COUNT - CLOSED - 1)
})

test('a run that is stopped leaves the rest as it is', async () => {
  await using redis = await openTestRedis()
  await fillFailed(redis.client, 500, Date.now())
  await using queues = openQueues(redis.client)
  const stopping = new AbortController()
  const onPage = async () => stopping.abort()
  await createFailedJobs(queues).changeAll('discard', {}, { onPage, signal: stopping.signal })
  expect(await queues.byName.get(outboundQueues.sms.name)?.getFailedCount()).toBe(400)
})

async function closedIsClosed({ id }: { id: string }): Promise<void> {
  if (id === 'failed-1') throw new PermanentError('1010: account 1 is closed')
}

test('whoever presses retry sees on that page what came of it: what failed again, and why', async () => {
  await using cleanup = new AsyncDisposableStack()
  const service = cleanup.use(await startConsoleService())
  const { client } = service.redis
  await fillFailed(client, 2, Date.now())
  const ada = await connectConsole(service.url, service.password)
  const queue = outboundQueues.sms
  const connection = new Redis(service.redis.url, { maxRetriesPerRequest: null })
  cleanup.defer(() => connection.disconnect())
  cleanup.use(startWorker(queue, closedIsClosed, { redis: connection, log: silent }))
  const retries = async (id: string) => {
    const fields = { action: 'retry', scope: 'selected', job: `${queue.name}/${id}` }
    return (await ada.post('/failed', fields)).headers.get('location') ?? ''
  }
  const shows = (page: string, words: string) =>
    eventually(async () => {
      const shown = (await (await ada.get(page)).text()).replaceAll(/<[^>]+>/g, '')
      expect(shown.replaceAll(/\s+/g, ' ')).toContain(words)
    })
  await shows(await retries('failed-1'), '1 job given another try. 1 failed again: 1010: account 1 is closed')
  await shows(await retries('failed-0'), '1 job given another try. 1 worked')
})
