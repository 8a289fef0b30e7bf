import { stepMessageId } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { addressOf, planFrom, requestFor, whereIs } from './testing/story.ts'
import { createWorld, CrashError } from './testing/world.ts'
import type { World } from './testing/world.ts'

const plan = planFrom(['Tony: messenger, sms', 'Michael: whatsapp, sms'], { announce: true })
const request = requestFor(plan)
const { id } = request

/** Does it, killed after so many effects; then again, as the queue would. Returns whether it was killed. */
async function killed(world: World, effects: number, act: () => Promise<void>): Promise<boolean> {
  world.crashAfter(effects)
  const wasKilled = await act().then(
    () => false,
    (error: unknown) => {
      if (error instanceof CrashError) return true
      throw error
    },
  )
  world.recover()
  await act()
  return wasKilled
}

function stateOf({ records, walking, timers, contacts, messages }: World) {
  const alert = records.get(id)
  return {
    where: alert && whereIs(alert, plan),
    timeline: alert?.timeline.map(({ event }) => event),
    walking: [...walking.keys()],
    timers: [...timers.keys()].toSorted(),
    contacts: [...contacts].toSorted(),
    messages: [...messages.keys()].toSorted(),
  }
}

const rejected = (channel: number) => {
  const step = { alertId: id, round: 0, user: 0, channel }
  return {
    alertId: id,
    at: 0,
    evidenceId: `rejected.${channel}`,
    evidence: { kind: 'outcome' as const, step, state: 'rejected' as const },
  }
}
const link = { alertId: id, at: 0, evidenceId: 'link', evidence: { kind: 'link' as const, user: 0 } }

describe('killed between the record and the world, and tried again', () => {
  it.each([
    ['beginning', async () => undefined, ({ walker }: World) => walker.begin(request)],
    [
      'going on',
      async ({ walker }: World) => walker.begin(request),
      ({ walker }: World) => walker.attention(rejected(0)),
    ],
    ['ending', async ({ walker }: World) => walker.begin(request), ({ walker }: World) => walker.attention(link)],
    [
      'the deadline',
      async (world: World) => {
        await world.walker.begin(request)
        world.passes(600_000)
      },
      ({ walker }: World) => walker.step({ alertId: id, round: 0, user: 0, channel: 0 }),
    ],
  ] as const)('%s leaves everything as if nothing had happened', async (_, before, act) => {
    const undisturbed = createWorld(plan)
    await before(undisturbed)
    await act(undisturbed)
    let kills = 0
    for (let effects = 0; effects < 15; effects += 1) {
      const world = createWorld(plan)
      await before(world)
      if (await killed(world, effects, () => act(world))) kills += 1
      const { timers, ...rest } = stateOf(world)
      const { timers: expectedTimers, ...expected } = stateOf(undisturbed)
      expect(rest).toEqual(expected)
      // The timer of a step that was left may stay: it finds nothing to do.
      expect(timers).toEqual(expect.arrayContaining(expectedTimers))
    }
    expect(kills).toBeGreaterThan(2)
  })
})

describe('a timer', () => {
  it('that comes too early waits again, for as long as is missing', async () => {
    const world = createWorld(plan)
    await world.walker.begin(request)
    world.passes(590_000)
    const early = world.walker.step({ alertId: id, round: 0, user: 0, channel: 0 })
    await expect(early).rejects.toMatchObject({ delayMs: 10_000 })
    expect(stateOf(world).where).toBe('Tony/messenger')
  })

  it('for sending again that comes too early waits for its own time', async () => {
    const world = createWorld(plan)
    await world.walker.begin(request)
    await world.walker.attention({ ...rejected(0), evidence: { ...rejected(0).evidence, state: 'unknown' } })
    world.passes(20_000)
    const early = world.walker.step({ kind: 'resend', alertId: id, round: 0, user: 0, channel: 0 })
    await expect(early).rejects.toMatchObject({ delayMs: 10_000 })
  })

  it('of a step that was left does nothing', async () => {
    const world = createWorld(plan)
    await world.walker.begin(request)
    await world.walker.attention(rejected(0))
    const before = stateOf(world)
    await world.walker.step({ alertId: id, round: 0, user: 0, channel: 0 })
    expect(stateOf(world)).toEqual(before)
  })

  it('believes the ledger: read a moment ago is attention, on the first try as on the second', async () => {
    for (const resends of [0, 1]) {
      const world = createWorld(plan)
      await world.walker.begin(request)
      const step = { alertId: id, round: 0, user: 0, channel: 0 }
      await world.walker.attention({ ...rejected(0), evidence: { kind: 'outcome', step, state: 'unknown' } })
      world.states.set(stepMessageId({ id }, step, 0), 'unknown')
      world.passes(30_000)
      await world.runDue()
      expect(world.messages.size).toBe(2)
      world.states.set(stepMessageId({ id }, step, resends), 'read')
      world.passes(600_000)
      await world.runDue()
      expect(stateOf(world).where).toBe('attended by Tony messenger read')
    }
  })

  it('is removed when its step is left before its time, and everything is when the alert ends', async () => {
    const world = createWorld(plan)
    await world.walker.begin(request)
    await world.walker.attention({ ...rejected(0), evidence: { ...rejected(0).evidence, state: 'unknown' } })
    expect(world.timers.size).toBe(2)
    await world.walker.attention(rejected(0))
    expect([...world.timers.values()].map(({ timer }) => timer)).toEqual([
      { alertId: id, round: 0, user: 0, channel: 1 },
    ])
    await world.walker.attention(link)
    expect(world.timers.size).toBe(0)
    expect(world.contacts.size).toBe(0)
    expect(world.walking.size).toBe(0)
  })
})

it('a walk to its end sends every step once, and lets nobody find it afterwards', async () => {
  const world = createWorld(plan)
  await world.walker.begin(request)
  for (let step = 0; step < 4; step += 1) {
    world.passes(600_000)
    await world.runDue()
  }
  expect(stateOf(world)).toMatchObject({ where: 'exhausted', walking: [], timers: [], contacts: [] })
  expect([...world.messages.values()].map(({ channel, to }) => `${channel} ${to}`)).toEqual([
    `messenger ${addressOf(0)}`,
    `sms ${addressOf(0)}`,
    `whatsapp ${addressOf(1)}`,
    `sms ${addressOf(1)}`,
  ])
})

it('a request that comes again after the policy has changed goes on with the plan it began with', async () => {
  const world = createWorld(plan)
  await world.walker.begin(request)
  await world.walker.begin({ ...request, plan: planFrom(['Zoe: sms, sms']) })
  expect([...world.messages.values()].map(({ to }) => to)).toEqual([addressOf(0)])
})

it('evidence about an alert that nobody knows is no error', async () => {
  await expect(createWorld(plan).walker.attention(link)).resolves.toBeUndefined()
})

it('evidence about an alert that was asked for and has not begun waits for it', async () => {
  const world = createWorld(plan)
  world.requested.add(id)
  await expect(world.walker.attention(link)).rejects.toMatchObject({ delayMs: 200 })
  await world.walker.begin(request)
  await world.walker.attention(link)
  expect(stateOf(world).where).toBe('attended by Tony link')
})
