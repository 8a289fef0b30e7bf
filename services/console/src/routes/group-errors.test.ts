import { expect, it } from 'vitest'

import { groupErrors } from './group-errors.ts'

const job = (queue: 'outbound-sms' | 'call-event', reason: string) => ({ queue, reason })

it('groups jobs that failed for one reason, however their ids differ, the most frequent first; says what to do', () => {
  const jobs = [
    ...[1, 2].map((each) => job('call-event', `The payload of call-event ev-${each} is not valid: no status`)),
    ...[1, 2, 3].map(() => job('outbound-sms', 'refused: Invalid sender (1120)')),
    job('outbound-sms', 'The record m7 changed 100 times'),
    job('call-event', 'refused: Invalid sender (1120)'),
  ]
  expect(groupErrors(jobs)).toEqual([
    {
      queue: 'outbound-sms',
      reason: 'refused: Invalid sender (1120)',
      count: 3,
      search: 'refused: Invalid sender',
      remedy: expect.stringContaining('correct the sender'),
    },
    {
      queue: 'call-event',
      reason: 'The payload of call-event ev-1 is not valid: no status',
      count: 2,
      search: 'The payload of call-event',
      remedy: expect.stringContaining('another version'),
    },
    expect.objectContaining({ queue: 'call-event', count: 1 }),
  ])
})

it('what it searches for finds every job of the group', () => {
  const jobs = Array.from({ length: 50 }, (_, index) =>
    job('outbound-sms', `Vonage answered ${500 + index} to m-${index}`),
  )
  const [group] = groupErrors(jobs)
  expect(group?.count).toBe(50)
  expect(jobs.every(({ reason }) => reason.includes(group?.search ?? '-'))).toBe(true)
})
