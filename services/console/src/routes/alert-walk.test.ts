import type { Alert, AlertPlan } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { pictureWalk } from './alert-walk.ts'

const step = { expirySeconds: 60, condition: 'read' } as const
const plan: AlertPlan = {
  users: [
    {
      name: 'Tony',
      channels: [
        { channel: 'messenger', to: '9', ...step },
        { channel: 'sms', to: '447700900011', ...step },
      ],
      finalWaitSeconds: 120,
    },
    {
      name: 'Michael',
      channels: [
        { channel: 'whatsapp', to: '447700900012', ...step },
        { channel: 'sms', to: '447700900012', ...step },
      ],
      finalWaitSeconds: 120,
    },
  ],
  repeat: 1,
  announce: false,
  engine: 'local',
}

const walking: Alert = {
  id: 'alert-1',
  code: 'A1',
  text: 'Disk full',
  planId: 'p',
  state: 'walking',
  createdAt: 0,
  step: { round: 0, user: 1, channel: 0 },
  dueAt: 300,
  resends: 0,
  timeline: [
    { at: 0, event: 'started' },
    { at: 0, event: 'contacting', step: [0, 0, 0] },
    { at: 10, event: 'failed', step: [0, 0, 0], reason: 'rejected: blocked' },
    { at: 10, event: 'contacting', step: [0, 0, 1] },
    { at: 12, event: 'delivered', step: [0, 0, 1] },
    { at: 130, event: 'deadline', step: [0, 0, 1] },
    { at: 130, event: 'contacting', step: [0, 1, 0] },
  ],
}

it('shows where the walk is, what came before and what is ahead', () => {
  const [round] = pictureWalk(walking, plan)
  expect(round?.rows.map(({ name, state }) => [name, state])).toEqual([
    ['Tony', 'reached'],
    ['Michael', 'current'],
  ])
  expect(round?.rows.flatMap(({ cells }) => cells.map(({ state, why }) => [state, why]))).toEqual([
    ['failed', 'rejected: blocked'],
    ['left', 'no answer within 2 min'],
    ['current', undefined],
    ['ahead', undefined],
  ])
  expect(round?.rows[0]?.cells[1]).toMatchObject({ contactedAt: 10, deliveredAt: 12, leftAt: 130 })
  expect(round?.rows[1]?.cells[0]).toMatchObject({ dueAt: 300, waitsFor: 'to be read, 1 min' })
})

it('marks the step that attention came by, also when the walk had left it', () => {
  const attended: Alert = {
    ...walking,
    state: 'attended',
    attendedBy: { how: 'reply', at: 140, user: 'Tony', channel: 'sms' },
  }
  const states = pictureWalk(attended, plan)[0]?.rows.map(({ cells }) => cells.map(({ state }) => state))
  expect(states).toEqual([
    ['failed', 'attended'],
    ['asked', 'spared'],
  ])
})

it('what had not left when somebody took it is not needed, and has not failed', () => {
  const attended: Alert = {
    ...walking,
    state: 'attended',
    attendedBy: { how: 'reply', at: 140, user: 'Tony', channel: 'sms' },
    timeline: [...walking.timeline, { at: 141, event: 'failed', step: [0, 1, 0], reason: 'suppressed: alert-over' }],
  }
  expect(pictureWalk(attended, plan)[0]?.rows[1]?.cells[0]).toMatchObject({ state: 'spared', why: undefined })
})

it('a link says who, not where: the last channel that reached them', () => {
  const attended: Alert = { ...walking, state: 'attended', attendedBy: { how: 'link', at: 140, user: 'Michael' } }
  expect(pictureWalk(attended, plan)[0]?.rows[1]).toMatchObject({ state: 'attended' })
})

it('an acknowledgement by somebody who is not on the list marks nobody', () => {
  const attended: Alert = { ...walking, state: 'attended', attendedBy: { how: 'api', at: 140, user: 'Ada' } }
  const states = pictureWalk(attended, plan)[0]?.rows.flatMap(({ cells }) => cells.map(({ state }) => state))
  expect(states).not.toContain('attended')
})

it('a step that is asked once more says nothing of the time before', () => {
  const handedBack: Alert = {
    ...walking,
    step: { round: 0, user: 0, channel: 1 },
    dueAt: 900,
    timeline: [
      ...walking.timeline,
      { at: 200, event: 'handed-over', reason: 'Tony', by: 'Ada' },
      { at: 200, event: 'contacting', step: [0, 0, 1] },
    ],
  }
  const [tony, michael] = pictureWalk(handedBack, plan)[0]?.rows ?? []
  expect(tony?.cells[1]).toMatchObject({ state: 'current', contactedAt: 200, leftAt: undefined, why: undefined })
  expect(tony?.cells[1]?.deliveredAt).toBeUndefined()
  expect(michael?.cells[0]?.state).toBe('asked')
})

it('what is put off has not gone on', () => {
  const putOff: Alert = { ...walking, isWaiting: true, snooze: { by: 'Ada' } }
  expect(pictureWalk(putOff, plan)[0]?.rows[1]?.cells.map(({ state }) => state)).toEqual(['asked', 'ahead'])
})

it('a phone call waits for a key', () => {
  const [tony] = plan.users
  if (!tony) throw new Error('the plan has nobody')
  const called = { ...tony, channels: [{ channel: 'voice' as const, to: '447700900011', ...step }, ...tony.channels] }
  const left: Alert = {
    ...walking,
    step: { round: 0, user: 0, channel: 1 },
    timeline: [
      { at: 0, event: 'contacting', step: [0, 0, 0] },
      { at: 60, event: 'deadline', step: [0, 0, 0] },
    ],
  }
  expect(pictureWalk(left, { ...plan, users: [called] })[0]?.rows[0]?.cells[0]).toMatchObject({
    waitsFor: 'for a key, 1 min',
    why: 'no key within 1 min',
  })
})

it('a second round is a second picture', () => {
  const again: Alert = {
    ...walking,
    step: { round: 1, user: 0, channel: 0 },
    timeline: [...walking.timeline, { at: 400, event: 'contacting', step: [1, 0, 0] }],
  }
  const rounds = pictureWalk(again, plan)
  expect(rounds.map(({ number }) => number)).toEqual([1, 2])
  expect(rounds[1]?.rows[0]?.cells[0]?.state).toBe('current')
})

it('with Dispatch all channels of the user under way are current', () => {
  const [round] = pictureWalk(walking, { ...plan, engine: 'dispatch' })
  expect(round?.rows[1]?.cells.map(({ state }) => state)).toEqual(['current', 'current'])
})
