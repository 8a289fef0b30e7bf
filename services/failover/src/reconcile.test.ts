import { stepMessageId } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { planFrom, requestFor, whereIs } from './testing/story.ts'
import { createWorld } from './testing/world.ts'

const plan = planFrom(['Tony: messenger@60, sms; waits 60', 'Michael: whatsapp@60, sms'])
const request = requestFor(plan)
const { id } = request

async function begun() {
  const world = createWorld(plan)
  await world.walker.begin(request)
  return world
}

it('takes a step whose timer somebody has removed, five seconds after its time', async () => {
  const world = await begun()
  world.timers.clear()
  world.passes(64_000)
  await world.reconcile()
  expect(world.rescued).toEqual([])
  world.passes(1_000)
  await world.reconcile()
  expect(world.rescued).toHaveLength(1)
  expect(whereIs(world.records.get(id)!, plan)).toBe('Tony/sms')
  expect([...world.timers.values()].map(({ at }) => at)).toEqual([world.records.get(id)?.dueAt])
  expect(world.messages.size).toBe(2)
})

it('does not wait for a job that is active, or seems to be', async () => {
  const world = await begun()
  world.passes(65_000)
  await world.reconcile()
  expect(whereIs(world.records.get(id)!, plan)).toBe('Tony/sms')
  // Whoever had it may still come back: it finds nothing to do.
  await world.runDue()
  expect(whereIs(world.records.get(id)!, plan)).toBe('Tony/sms')
  expect(world.messages.size).toBe(2)
})

it('sends again what its timer should have sent again', async () => {
  const world = await begun()
  const step = { alertId: id, round: 0, user: 0, channel: 0 }
  await world.walker.attention({
    alertId: id,
    at: 0,
    evidenceId: 'u',
    evidence: { kind: 'outcome', step, state: 'unknown' },
  })
  world.states.set(stepMessageId({ id }, step, 0), 'unknown')
  world.timers.clear()
  world.passes(35_000)
  await world.reconcile()
  expect(world.messages.size).toBe(2)
  expect(whereIs(world.records.get(id)!, plan)).toBe('Tony/messenger')
})

it('leaves alone an alert that is not due', async () => {
  const world = await begun()
  world.passes(10_000)
  await world.walker.attention({ alertId: id, at: 0, evidenceId: 'a', evidence: { kind: 'api' } })
  world.passes(60_000)
  await world.reconcile()
  expect(world.rescued).toEqual([])
})

it('forgets alerts that have ended or are gone, and corrects an entry that is too old', async () => {
  const world = await begun()
  await world.walker.attention({ alertId: id, at: 0, evidenceId: 'a', evidence: { kind: 'api' } })
  world.walking.set(id, 0)
  world.walking.set('alert-of-last-year', 0)
  await world.reconcile()
  expect(world.walking.size).toBe(0)

  const other = await begun()
  other.walking.set(id, 0)
  await other.reconcile()
  expect(other.walking.get(id)).toBe(other.records.get(id)?.dueAt)
})

it('helps the others when one cannot be helped, and lets it come again later', async () => {
  const world = await begun()
  const broken = { ...world.records.get(id)!, id: 'alert-broken', step: { round: 0, user: 9, channel: 0 } }
  world.records.set(broken.id, broken)
  world.walking.set(broken.id, 0)
  world.timers.clear()
  world.passes(65_000)
  await world.reconcile()
  await world.reconcile()
  expect(world.rescued).toHaveLength(1)
  expect(world.failures).toHaveLength(1)
  world.passes(20_000)
  await world.reconcile()
  expect(world.failures).toHaveLength(2)
})
