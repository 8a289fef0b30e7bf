import { expect, it } from 'vitest'

import { planFrom, requestFor, whereIs } from './testing/story.ts'
import { createWorld } from './testing/world.ts'

const plan = planFrom(['Tony: messenger@60, sms; waits 60', 'Michael: whatsapp@60, sms'])
const request = requestFor(plan)
const { id } = request

async function begun() {
  const world = createWorld(plan)
  await world.walker.begin(request)
  world.passes(50_000)
  return world
}

it('makes a timer again that somebody has removed, before it is due', async () => {
  const world = await begun()
  world.timers.clear()
  await world.reconcile()
  expect(world.rescued).toHaveLength(1)
  expect([...world.timers.values()].map(({ at }) => at)).toEqual([world.records.get(id)?.dueAt])
  expect(world.messages.size).toBe(1)
})

it('moves an alert on whose timer was due long ago', async () => {
  const world = await begun()
  world.timers.clear()
  world.passes(3_600_000)
  await world.reconcile()
  await world.runDue()
  expect(whereIs(world.records.get(id)!, plan)).toBe('Tony/sms')
})

it('leaves alone an alert that has its timer, is not due soon, or has moved just now', async () => {
  const world = await begun()
  await world.reconcile()
  world.timers.clear()
  world.passes(10_000)
  await world.walker.step({ alertId: id, round: 0, user: 0, channel: 0 })
  world.timers.clear()
  await world.reconcile()
  world.passes(10_000)
  await world.reconcile()
  expect(world.rescued).toEqual([])
  world.passes(36_000)
  await world.reconcile()
  expect(world.rescued).toHaveLength(1)
})

it('does not take a timer for missing that has just done its work', async () => {
  const world = await begun()
  world.passes(10_000)
  const { isPending } = world.timerStore
  world.timerStore.isPending = async (jobId) => {
    await world.runDue()
    world.timerStore.isPending = isPending
    return isPending(jobId)
  }
  await world.reconcile()
  expect(world.rescued).toEqual([])
  expect(whereIs(world.records.get(id)!, plan)).toBe('Tony/sms')
})

it('clears the index of alerts that have ended or are gone, and corrects an entry that is too old', async () => {
  const world = await begun()
  await world.walker.attention({ alertId: id, at: 0, evidenceId: 'a', evidence: { kind: 'api' } })
  world.walking.set(id, 0)
  world.walking.set('alert-of-last-year', 0)
  await world.reconcile()
  expect(world.walking.size).toBe(0)

  const other = await begun()
  other.walking.set(id, 0)
  other.passes(-40_000)
  await other.reconcile()
  expect(other.walking.get(id)).toBe(other.records.get(id)?.dueAt)
})

it('helps the others when one cannot be helped', async () => {
  const world = await begun()
  const broken = { ...world.records.get(id)!, id: 'alert-broken', step: { round: 0, user: 9, channel: 0 } }
  world.records.set(broken.id, broken)
  world.walking.set(broken.id, 0)
  world.timers.clear()
  await world.reconcile()
  expect(world.rescued).toHaveLength(1)
  expect(world.timers.size).toBe(1)
})
