import { stepMessageId } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { addressOf, allSteps, begin, nameOf, planFrom, START, tell, whereIs } from './testing/story.ts'
import { walk } from './walk.ts'

/** The seed's example: two people, four kinds of channel. */
const oncall = planFrom(['Tony: messenger, sms', 'Michael: viber_service, whatsapp, sms'])
const tony = addressOf(0)
const michael = addressOf(1)

describe('the walk', () => {
  it.each([
    ['begins with the first channel of the first person', [], 'Tony/messenger'],

    // Nobody pays attention.
    ['goes to the next channel at the deadline', ['deadline'], 'Tony/sms'],
    ['goes to the next person after the last channel', ['deadline', 'deadline'], 'Michael/viber_service'],
    ['is exhausted after the last person', Array.from({ length: 5 }, () => 'deadline'), 'exhausted'],
    ['stays before the deadline', ['wait 599', 'deadline too early'], 'Tony/messenger'],
    ['does not mind the deadline of a step it has left', ['deadline', 'deadline of Tony/messenger'], 'Tony/sms'],
    ['does not mind the deadline of a step that is still to come', ['deadline of Michael/sms'], 'Tony/messenger'],
    ['moves one step when a deadline comes twice', ['deadline', 'deadline of Tony/messenger'], 'Tony/sms'],

    // The message fails: at once, no waiting.
    ['goes on at once when rejected', ['rejected'], 'Tony/sms'],
    ['goes on at once when undeliverable', ['undeliverable'], 'Tony/sms'],
    ['goes on at once when suppressed', ['suppressed: opted-out'], 'Tony/sms'],
    ['goes on at once when Vonage refuses', ['refused'], 'Tony/sms'],
    ['goes on at once when dropped', ['dropped: stale'], 'Tony/sms'],
    ['goes on at once when the last channel fails', ['deadline', 'rejected'], 'Michael/viber_service'],
    ['is exhausted at once when everything fails', Array.from({ length: 5 }, () => 'rejected'), 'exhausted'],
    ['moves once when a message fails twice', ['rejected', 'undeliverable of Tony/messenger'], 'Tony/sms'],
    ['stays when an abandoned message fails', ['deadline', 'rejected of Tony/messenger'], 'Tony/sms'],
    ['stays at what is no news', ['accepted', 'submitted', 'sending', 'released'], 'Tony/messenger'],

    // Attention.
    ['ends when read', ['read'], 'attended by Tony messenger read'],
    ['ends when read before delivered', ['read', 'delivered'], 'attended by Tony messenger read'],
    ['ends when read after moving on', ['deadline', 'read of Tony/messenger'], 'attended by Tony messenger read'],
    ['ends when read after rejected', ['rejected', 'read of Tony/messenger'], 'attended by Tony messenger read'],
    [
      'ends when read by somebody given up long ago',
      ['deadline', 'deadline', 'deadline', 'deadline', 'read of Tony/messenger'],
      'attended by Tony messenger read',
    ],
    [
      'keeps the first of two reads',
      ['deadline', 'deadline', 'read', 'read of Tony/messenger'],
      'attended by Michael viber_service read',
    ],
    [
      'ends when read although the list is exhausted',
      Array<string>(5).fill('rejected').concat('read of Michael/whatsapp'),
      'attended by Michael whatsapp read',
    ],
    [
      'ends by the link although the list is exhausted',
      Array<string>(5).fill('rejected').concat('link of Tony'),
      'attended by Tony link',
    ],
    ['ends by a reply', ['deadline', `reply from sms ${tony}`], 'attended by Tony sms reply'],
    [
      'ends by a reply on a channel given up',
      ['deadline', `reply from messenger ${tony}`],
      'attended by Tony messenger reply',
    ],
    ['ends by the link', ['link of Tony'], 'attended by Tony link'],
    ['ends by the API, with a name', ['api by Ann'], 'attended by Ann api'],
    ['ends by the API, without', ['api'], 'attended by api'],
    ['does not end when delivered and read is asked for', ['delivered'], 'Tony/messenger'],
    ['counts what the ledger knows at the deadline', ['deadline, ledger says read'], 'attended by Tony messenger read'],
    ['is not misled by the ledger', ['deadline, ledger says delivered'], 'Tony/sms'],

    // Cancelled.
    ['ends when cancelled', ['cancel'], 'cancelled'],
    ['stays cancelled when read', ['cancel', 'read'], 'cancelled'],
    ['stays cancelled at the deadline', ['cancel', 'deadline of Tony/messenger'], 'cancelled'],
    ['stays attended when cancelled', ['read', 'cancel'], 'attended by Tony messenger read'],
    [
      'stays attended when the message fails',
      ['read', 'rejected of Tony/messenger'],
      'attended by Tony messenger read',
    ],
    ['stays exhausted when cancelled', Array<string>(5).fill('rejected').concat('cancel'), 'exhausted'],
  ])('%s', (_, story, expected) => {
    expect(whereIs(tell(oncall, story).alert, oncall)).toBe(expected)
  })

  it.each([
    ['delivered is enough where it is the condition', ['delivered'], 'attended by Ann sms delivered'],
    ['read is more than delivered', ['read'], 'attended by Ann sms read'],
    ['the ledger knows of it at the deadline', ['deadline, ledger says delivered'], 'attended by Ann sms delivered'],
    ['delivered too late is no attention', ['deadline', 'delivered of Ann/sms'], 'Ann/sms'],
    ['read too late is', ['deadline', 'read of Ann/sms'], 'attended by Ann sms read'],
    ['on the last channel delivered is not enough', ['rejected', 'delivered'], 'Ann/sms'],
    [
      'on the last channel nor does the ledger make it so',
      ['rejected', 'deadline, ledger says delivered'],
      'exhausted',
    ],
    ['on the last channel read is', ['rejected', 'read'], 'attended by Ann sms read'],
  ])('with the condition delivered: %s', (_, story, expected) => {
    const plan = planFrom(['Ann: sms/delivered@60, sms/delivered@60'])
    expect(whereIs(tell(plan, story).alert, plan)).toBe(expected)
  })

  it('waits what each channel says, and after the last one what the person says', () => {
    const plan = planFrom(['Ann: sms@15, viber_service@20, sms@30; waits 45', 'Bob: sms, sms; waits 1'])
    const waits = allSteps(plan).map((_, index) => {
      const { alert, now } = tell(
        plan,
        Array.from({ length: index }, () => 'deadline'),
      )
      return (alert.dueAt - now) / 1_000
    })
    expect(waits).toEqual([15, 20, 45, 600, 1])
  })

  it('tells three numbers on one channel apart, as one person may have', () => {
    const plan = planFrom(['Ann: sms, sms, sms, messenger'])
    const { alert } = tell(plan, ['rejected', 'rejected', 'rejected of Ann/sms#1'])
    expect(alert.step).toEqual({ round: 0, user: 0, channel: 2 })
    expect(new Set(allSteps(plan).map((step) => stepMessageId(alert, step, 0))).size).toBe(4)
  })

  it('takes every mix of two channels in the order written', () => {
    const names = ['sms', 'whatsapp', 'messenger', 'viber_service']
    for (const first of names) {
      for (const second of names) {
        const plan = planFrom([`Ann: ${first}, ${second}`, `Bob: ${second}, ${first}`])
        const seen = allSteps(plan).map((_, index) => whereIs(tell(plan, Array(index).fill('deadline')).alert, plan))
        expect(seen).toEqual([`Ann/${first}`, `Ann/${second}`, `Bob/${second}`, `Bob/${first}`])
      }
    }
  })
})

describe('repeat', () => {
  const plan = planFrom(['Ann: sms, viber_service', 'Bob: sms, sms'], { repeat: 2 })

  it('walks the list again, with messages of its own in every round', () => {
    expect(allSteps(plan).map((step) => nameOf(step, plan))).toContain('Ann/viber_service in round 3')
    const { alert } = tell(plan, Array(4).fill('deadline'))
    expect(whereIs(alert, plan)).toBe('Ann/sms in round 2')
    const ids = allSteps(plan).map((step) => stepMessageId(alert, step, 0))
    expect(new Set(ids).size).toBe(12)
    expect(whereIs(tell(plan, Array(12).fill('deadline')).alert, plan)).toBe('exhausted')
  })

  it.each([
    ['a failure of the first round says nothing about the second', 'rejected of Ann/sms', 'Ann/sms in round 2'],
    ['nor does a deadline', 'deadline of Ann/sms', 'Ann/sms in round 2'],
    ['a read of the first round ends it', 'read of Ann/sms', 'attended by Ann sms read'],
    ['a failure of this round counts', 'rejected of Ann/sms in round 2', 'Ann/viber_service in round 2'],
  ])('%s', (_, last, expected) => {
    expect(whereIs(tell(plan, [...Array<string>(4).fill('deadline'), last]).alert, plan)).toBe(expected)
  })
})

describe('who replied', () => {
  it('is the person contacted last, where two share a number', () => {
    const plan = planFrom(['Tony: sms, messenger', 'Michael: whatsapp, sms'])
    plan.users[1]!.channels[1]!.to = tony
    const reply = `reply from sms ${tony}`
    expect(whereIs(tell(plan, [reply]).alert, plan)).toBe('attended by Tony sms reply')
    expect(whereIs(tell(plan, ['deadline', 'deadline', reply]).alert, plan)).toBe('attended by Tony sms reply')
    expect(whereIs(tell(plan, ['deadline', 'deadline', 'deadline', reply]).alert, plan)).toBe(
      'attended by Michael sms reply',
    )
  })

  it('is found however long the timeline has become', () => {
    const plan = planFrom(
      Array.from({ length: 100 }, (_, index) => `U${index}: sms, messenger`),
      { repeat: 3 },
    )
    const { alert } = tell(plan, [...Array<string>(700).fill('deadline'), `reply from sms ${addressOf(1)}`])
    expect(whereIs(alert, plan)).toBe('attended by U1 sms reply')
    expect(alert.timeline).toHaveLength(300)
    expect(alert.timeline[0]?.event).toBe('started')
    expect(alert.timeline.at(-1)?.event).toBe('attended')
  })

  it('stays unnamed when nobody of the plan has this contact', () => {
    expect(whereIs(tell(oncall, [`reply from whatsapp ${michael}`]).alert, oncall)).toBe('attended by whatsapp reply')
  })
})

describe('the timeline', () => {
  it('tells what happened, when, with whom and why, each once', () => {
    const { alert } = tell(oncall, [
      'delivered',
      'delivered',
      'deadline',
      'rejected: blocked',
      'delivered of Tony/messenger',
      'read',
    ])
    const lines = alert.timeline.map(({ event, step, reason, at }) => {
      const where = step && nameOf({ round: step[0], user: step[1], channel: step[2] }, oncall)
      return [(at - START) / 1_000, event, where, reason].filter((part) => part !== undefined).join(' ')
    })
    expect(lines).toEqual([
      '0 started',
      '0 contacting Tony/messenger',
      '0 delivered Tony/messenger',
      '600 deadline Tony/messenger',
      '600 contacting Tony/sms',
      '600 failed Tony/sms rejected: blocked',
      '600 contacting Michael/viber_service',
      '600 attended Michael viber_service read',
    ])
  })
})

it('returns the same object when nothing changes, so that nothing is written', () => {
  const alert = begin(oncall)
  const { step } = alert
  const noNews = [
    { kind: 'deadline', step, messageState: undefined },
    { kind: 'deadline', step: { ...step, channel: 1 }, messageState: 'read' },
    { kind: 'resend', step, messageState: undefined },
    { kind: 'outcome', step: { alertId: alert.id, ...step }, state: 'submitted' },
  ] as const
  for (const event of noNews) expect(walk(alert, oncall, event, START + 1)).toBe(alert)
})
