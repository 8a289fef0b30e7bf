import type { NotificationReply } from '@switchboard/contracts'
import type { NotificationRecord } from '@switchboard/store'
import { describe, expect, it } from 'vitest'

import { answerText } from './answer-text.ts'
import { decideReply } from './decide-reply.ts'
import { exampleNotification, exampleReply } from './testing/example-notification.ts'

/** The record after some replies, and what each came to. */
function after(record: NotificationRecord, ...replies: NotificationReply[]) {
  let current = record
  const outcomes = replies.map((reply) => {
    current = decideReply(current, reply)
    return current.replies.find(({ id }) => id === reply.id)?.outcome
  })
  return { record: current, outcomes }
}

const LATE = { sentAt: 3_600_000, receivedAt: 3_600_100 }

describe('decideReply', () => {
  it('keeps a choice with its raw reply', () => {
    const { record, outcomes } = after(exampleNotification(), exampleReply(' 2. '))
    expect(outcomes).toEqual(['choice'])
    expect(record.choice).toMatchObject({ option: '2', label: 'Thursday' })
    expect(record.replies).toMatchObject([{ text: ' 2. ', outcome: 'choice', option: '2' }])
  })

  it('changes the choice with a second valid reply, but not with one that was sent before it', () => {
    const first = exampleReply('1', { sentAt: 5_000, receivedAt: 5_000 })
    expect(after(exampleNotification(), first, exampleReply('2', { sentAt: 6_000 })).record.choice?.option).toBe('2')
    const { record, outcomes } = after(exampleNotification(), first, exampleReply('2', { sentAt: 4_000 }))
    expect(outcomes).toEqual(['choice', 'stale'])
    expect(record.choice?.option).toBe('1')
  })

  it('asks again three times, then hands over, then only takes note; a choice still counts', () => {
    const replies = ['a', 'b', 'c', 'd', 'e', '1'].map((text) => exampleReply(text))
    const { record, outcomes } = after(exampleNotification(), ...replies)
    expect(outcomes).toEqual(['invalid', 'invalid', 'invalid', 'handed-over', 'noted', 'choice'])
    expect(record.needsPerson).toBe(false)
  })

  it('does not ask again once there is a choice', () => {
    expect(after(exampleNotification(), exampleReply('1'), exampleReply('thanks')).outcomes).toEqual([
      'choice',
      'noted',
    ])
  })

  it('says once that a choice comes too late', () => {
    const replies = [exampleReply('hm', LATE), exampleReply('1', LATE), exampleReply('2', LATE)]
    const { record, outcomes } = after(exampleNotification(), ...replies)
    expect(outcomes).toEqual(['noted', 'too-late', 'noted'])
    expect(record.choice).toBeUndefined()
  })

  it('counts a reply that was sent in time and held up on the way', () => {
    const { outcomes } = after(exampleNotification(), exampleReply('1', { sentAt: 10, receivedAt: 9_000_000 }))
    expect(outcomes).toEqual(['choice'])
  })

  it('does nothing for the same reply again', () => {
    const first = decideReply(exampleNotification(), exampleReply('nonsense'))
    expect(decideReply(first, exampleReply('nonsense'))).toBe(first)
  })

  it('takes a message that is no text as an invalid answer', () => {
    expect(after(exampleNotification(), exampleReply(null)).outcomes).toEqual(['invalid'])
  })
})

it.each([
  [{ outcome: 'choice', option: '2' }, 'Thank you Ada for picking option 2 (Thursday).'],
  [{ outcome: 'invalid' }, 'Please reply 1 (tomorrow) or 2 (Thursday).'],
  [{ outcome: 'handed-over' }, 'A person will look.'],
  [{ outcome: 'too-late', option: '1' }, 'Too late.'],
  [{ outcome: 'noted' }, undefined],
  [{ outcome: 'stale', option: '1' }, undefined],
] as const)('answers %j with %j', (decided, text) => {
  expect(answerText(exampleNotification(), decided)).toBe(text)
})
