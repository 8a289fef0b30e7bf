import type { EraseRequest } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { createEraseHandler } from './erase.ts'

const request: EraseRequest = { id: 'e1', contacts: [{ channel: 'sms', address: '447700900123' }], round: 1 }

it('erases jobs, then records, and comes again once for what was running meanwhile', async () => {
  const done: string[] = []
  const later: [EraseRequest, number][] = []
  const handle = createEraseHandler({
    jobs: { erase: async () => done.push('jobs') },
    records: { erase: async () => done.push('records') },
    again: { enqueue: async (next, { delayMs }) => void later.push([next, delayMs]) },
    topics: [],
    now: () => 0,
    log: { info: () => undefined },
  })
  await handle(request)
  expect(done).toEqual(['jobs', 'records'])
  expect(later).toEqual([[{ ...request, round: 2 }, 60_000]])
  await handle({ ...request, round: 2 })
  expect(done).toHaveLength(4)
  expect(later).toHaveLength(1)
})
