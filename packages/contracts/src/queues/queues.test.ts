import { expect, it } from 'vitest'

import { inboundMessageQueue, messageStatusQueue, outboundQueues, queues } from '../index.ts'
import type { Purpose } from '../index.ts'

const uuid = '11111111-2222-4333-8444-555555555555'

it('every queue has a name of its own', () => {
  const names = queues.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z-]+$/)
})

it('the job id of a webhook is the same when it comes again, and another for another part or state', () => {
  const inbound = {
    id: uuid,
    channel: 'sms',
    from: '447700900010',
    to: '447700900000',
    kind: 'text',
    text: 'a',
  } as const
  const times = { sentAt: 1, receivedAt: 1 }
  const part = (number: number) => ({ ...inbound, ...times, part: { reference: '1', total: 2, number } })
  const { jobId } = inboundMessageQueue
  expect(jobId({ ...inbound, ...times })).toBe(jobId({ ...inbound, sentAt: 1, receivedAt: 99 }))
  expect(jobId(part(1))).not.toBe(jobId(part(2)))

  const status = { kind: 'message', messageUuid: uuid, at: 1, receivedAt: 1 } as const
  const statusId = messageStatusQueue.jobId
  expect(statusId({ ...status, state: 'read' })).toBe(statusId({ ...status, state: 'read', receivedAt: 99 }))
  expect(statusId({ ...status, state: 'read' })).not.toBe(statusId({ ...status, state: 'delivered' }))
  // One that nobody knew the message of is handled again, while the first job is still kept.
  expect(statusId({ ...status, state: 'read' })).not.toBe(statusId({ ...status, state: 'read', wasParked: true }))
})

it('alerts go before replies and notifications, and those before feeds', () => {
  const inOrder = (['feed', 'notification', 'alert', 'reply'] as const).toSorted((a, b) => priority(a) - priority(b))
  expect(inOrder).toEqual(['alert', 'notification', 'reply', 'feed'])
  expect(priority('notification')).toBe(priority('reply'))
})

function priority(purpose: Purpose): number {
  const message = { id: '1', channel: 'sms', to: '1', text: 'a', purpose, createdAt: 0 } as const
  return outboundQueues.sms.priority?.(message) ?? Number.NaN
}
