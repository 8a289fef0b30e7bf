import { setTimeout as wait } from 'node:timers/promises'

import { expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import { createChance } from '../support/chance.ts'
import { startService } from '../support/service.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

const ALERTS = 9
const KILLED = ['failover', 'outbound', 'inbound-router'] as const
const KILLS = 6
/** A job that was cut off is given back after its lock of 20 s, looked for every 10 s. */
const GIVEN_BACK_MS = 90_000

function team(simulator: Simulator) {
  const line = simulator.line()
  const [spare, michael, ann] = [simulator.phone('sms'), simulator.phone('sms'), simulator.phone('sms')]
  const people = [
    { name: 'Tony', phones: [line, spare] },
    { name: 'Michael', phones: [michael, spare] },
    { name: 'Ann', phones: [ann, spare] },
  ]
  return { line, michael, ann, people }
}

/** One after the other, each at a moment of its own, and started again as whoever runs it would do. */
async function killAll(stack: TestStack, cleanup: AsyncDisposableStack): Promise<void> {
  const chance = createChance()
  const running = new Map(KILLED.map((name) => [name, stack.processes.get(name)]))
  for (let kill = 0; kill < KILLS; kill += 1) {
    await wait(chance.between(200, 1_500))
    const name = KILLED[chance.between(0, KILLED.length)] ?? 'failover'
    running.get(name)?.kill('SIGKILL')
    await running.get(name)?.ended
    running.set(name, cleanup.use(await startService(name, stack.environment)))
  }
}

test('workers are killed during calls, notes and hand-overs: each of them happens, and once', async () => {
  await using cleanup = new AsyncDisposableStack()
  const stack = cleanup.use(await startTestStack({ redisServerUrl: inject('redisUrl') }))
  const simulator = connectSimulator(stack.addresses.simulator)
  const alerts = createAlertClient(stack.addresses)

  const answer = async (id: string, index: number, { line, michael, ann }: ReturnType<typeof team>) => {
    const call = await line.rings()
    await call.answers()
    await call.hears(/^rack \d is hot/)
    await alerts.post(`/api/alerts/${id}/note`, { text: 'The door code is 1234', by: 'Ada' })
    if (index % 3 === 0) {
      await call.presses('1')
      expect((await alerts.until(id, 'attended', GIVEN_BACK_MS)).attendedBy).toMatchObject({
        user: 'Tony',
        how: 'call',
      })
    } else {
      await call.presses('2')
      await michael.expects(/^rack \d is hot/)
      await michael.sends('hand over to Ann')
      await ann.expects(/^rack \d is hot/)
      await ann.sends('ok')
      expect((await alerts.until(id, 'attended', GIVEN_BACK_MS)).attendedBy).toMatchObject({
        user: 'Ann',
        how: 'reply',
      })
    }
  }
  /**
   * Of a call or a text during which a worker dies nobody knows whether it went out: it is not repeated, and the alert says
   * so and waits for its time.
   */
  const live = async (index: number) => {
    const people = team(simulator)
    const id = await alerts.start(people.people, `rack ${index} is hot`)
    const isUnknown = await answer(id, index, people).then(
      () => false,
      async (error: unknown) => {
        if ((await alerts.story(id)).some((each) => each.startsWith('unknown'))) return true
        throw error
      },
    )
    return { id, isUnknown, ...people }
  }
  const [stories] = await Promise.all([
    Promise.all(Array.from({ length: ALERTS }, (_, index) => live(index))),
    killAll(stack, cleanup),
  ])

  expect(stories.filter(({ isUnknown }) => isUnknown).length).toBeLessThan(ALERTS)
  for (const { id, isUnknown, line, people } of stories) {
    const story = await alerts.story(id)
    const told = JSON.stringify(story)
    const count = (event: string) => story.filter((each) => each.startsWith(event)).length
    const times = { calls: await line.count(), notes: count('note'), attended: count('attended') }
    if (isUnknown) expect(Math.max(...Object.values(times)), told).toBeLessThanOrEqual(1)
    else expect(times, told).toEqual({ calls: 1, notes: 1, attended: 1 })
    for (const { phones } of people.slice(1)) {
      const [phone] = phones
      const texts = phone && 'received' in phone ? (await phone.received()).map(({ text }) => text) : []
      const asked = texts.filter((text) => /^rack \d is hot/.test(text ?? ''))
      expect(asked.length, `${told} ${JSON.stringify(texts)}`).toBeLessThanOrEqual(1)
    }
  }
})
