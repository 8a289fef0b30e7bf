import { stepMessageId } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { planFrom, requestFor, START } from './testing/story.ts'
import { createWorld } from './testing/world.ts'
import type { World } from './testing/world.ts'

const first = { alertId: requestFor(planFrom(['Tony: sms'])).id, round: 0, user: 0, channel: 0 }

/** Second by second, as the service would: what is due runs, then somebody looks ahead. */
async function pass(world: World, seconds: number, each: (second: number) => unknown = () => undefined) {
  for (let second = 1; second <= seconds; second += 1) {
    world.passes(1_000)
    await world.runDue()
    await world.ahead.lookAhead()
    await each(second)
  }
}

const secondsOf = (world: World, ...events: string[]) =>
  (world.records.get(first.alertId)?.timeline ?? [])
    .filter(({ event }) => events.includes(event))
    .map(({ at }) => (at - START) / 1_000)

it('has no timer of a step whose time is far, and one from a minute before', async () => {
  const plan = planFrom(['Tony: sms@600, messenger'])
  const world = createWorld(plan, { looksAhead: true })
  await world.walker.begin(requestFor(plan))
  const counts = new Map<number, number>()
  await pass(world, 599, (second) => counts.set(second, world.timers.size))
  expect([...counts].find(([, count]) => count > 0)).toEqual([540, 1])
  expect([...world.timers.values()]).toEqual([{ timer: first, at: START + 600_000 }])
})

it.each([1, 59, 60, 61, 119, 120, 121, 179, 180, 181, 600, 3_600])(
  'a step that waits for %i s is left in time, whoever has to set its timer',
  async (seconds) => {
    const plan = planFrom([`Tony: sms@${seconds}, messenger@${seconds}; waits 1`])
    const world = createWorld(plan, { looksAhead: true })
    await world.walker.begin(requestFor(plan))
    await world.ahead.lookAhead()
    await pass(world, 2 * seconds)
    expect(secondsOf(world, 'contacting', 'exhausted')).toContain(seconds)
    expect(world.rescued).toEqual([])
  },
)

it('keeps the deadline of a step whose message is sent again, whenever that is', async () => {
  const plan = planFrom(['Tony: sms@600, messenger'])
  for (let unknownAt = 1; unknownAt < 600; unknownAt += 7) {
    const world = createWorld(plan, { looksAhead: true })
    await world.walker.begin(requestFor(plan))
    await pass(world, 601, async (second) => {
      if (second !== unknownAt) return
      world.states.set(stepMessageId({ id: first.alertId }, first, 0), 'unknown')
      const evidence = { kind: 'outcome', step: first, state: 'unknown' } as const
      await world.walker.attention({ alertId: first.alertId, at: 0, evidenceId: 'unknown', evidence })
    })
    expect(secondsOf(world, 'contacting'), `unknown after ${unknownAt} s`).toEqual([0, 600])
  }
})

it('begins anew after Redis has lost its jobs', async () => {
  const plan = planFrom(['Tony: sms@300, messenger'])
  const world = createWorld(plan, { looksAhead: true })
  await world.walker.begin(requestFor(plan))
  await pass(world, 260)
  world.timers.clear()
  world.ahead.again()
  await pass(world, 41)
  expect(secondsOf(world, 'contacting')).toEqual([0, 300])
})
