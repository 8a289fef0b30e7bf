import { setTimeout as wait } from 'node:timers/promises'

import { alertStepQueue } from '@switchboard/contracts'
import { startWorker } from '@switchboard/queue'
import { Redis } from 'ioredis'
import { expect, inject, test } from 'vitest'
import type { TestContext } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import { createChance } from '../support/chance.ts'
import { startPrivateRedis } from '../support/redis.ts'
import { startService } from '../support/service.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { claimDatabase } from '../support/test-database.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

/** Many walks at once, so that a kill catches some of them in the middle of a step. */
const ALERTS = 30
/** A job that was cut off is given back after its lock of 20 s, looked for every 10 s. */
const GIVEN_BACK_MS = 60_000

function connect({ addresses }: TestStack) {
  const simulator = connectSimulator(addresses.simulator)
  return { simulator, alerts: createAlertClient(addresses) }
}

/** Two people who do not look at their phones. */
function people(simulator: Simulator, seconds: number) {
  const [tony, michael] = [newAddress('sms'), newAddress('sms')]
  const phones = (address: string) => [simulator.phone('viber_service', address), simulator.phone('sms', address)]
  return [
    { name: 'Tony', phones: phones(tony), seconds, waits: seconds },
    { name: 'Michael', phones: phones(michael), seconds, waits: seconds },
  ]
}

/** Every walk went through all steps to its end, and every phone rang once. */
async function expectWalked(
  { alerts }: ReturnType<typeof connect>,
  walks: { id: string; people: ReturnType<typeof people> }[],
) {
  for (const { id, people } of walks) {
    await alerts.until(id, 'exhausted', GIVEN_BACK_MS)
    const contacted = (await alerts.story(id)).filter((line) => line.startsWith('contacting'))
    expect(contacted).toEqual(
      people.flatMap(({ name, phones }) => phones.map(({ channel }) => `contacting ${name} ${channel}`)),
    )
    for (const phone of people.flatMap(({ phones }) => phones)) {
      expect(await phone.received(), `${phone.channel}: ${JSON.stringify(await alerts.story(id))}`).toHaveLength(1)
    }
  }
}

async function startWalks({ simulator, alerts }: ReturnType<typeof connect>, seconds: number) {
  return Promise.all(
    Array.from({ length: ALERTS }, async () => {
      const list = people(simulator, seconds)
      return { people: list, id: await alerts.start(list, 'db-7 is down') }
    }),
  )
}

async function startStack(context: TestContext) {
  const redis = await startPrivateRedis(context)
  const stack = await startTestStack({ redisUrl: redis.url })
  return {
    redis,
    stack,
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
    },
  }
}

test('the failover worker is killed in mid-walk, twice: no alert stops, no step is sent twice', async (context) => {
  await using system = await startStack(context)
  const world = connect(system.stack)
  await using cleanup = new AsyncDisposableStack()
  const walks = await startWalks(world, 3)
  const chance = createChance()
  let worker = system.stack.processes.get('failover')
  for (let kill = 0; kill < 2; kill += 1) {
    await wait(chance.between(500, 3_500))
    worker?.kill('SIGKILL')
    await worker?.ended
    worker = cleanup.use(await startService('failover', system.stack.environment))
  }
  await expectWalked(world, walks)
})

test('Redis is killed in mid-walk and comes back with its append-only file', async (context) => {
  await using system = await startStack(context)
  const world = connect(system.stack)
  const walks = await startWalks(world, 3)
  await wait(createChance().between(1_000, 7_000))
  await system.redis.kill()
  await wait(1_500)
  await system.redis.start()
  await expectWalked(world, walks)
  expect(system.stack.ended()).toEqual([])
})

test('two failover workers share the walks: every step once', async () => {
  await using cleanup = new AsyncDisposableStack()
  const stack = cleanup.use(await startTestStack({ redisServerUrl: inject('redisUrl') }))
  cleanup.use(await startService('failover', stack.environment))
  const world = connect(stack)
  await expectWalked(world, await startWalks(world, 2))
})

test('timers and the index that somebody deletes: every step is taken all the same, within 10 s of its time', async () => {
  await using database = await claimDatabase(inject('redisUrl'))
  await using stack = await startTestStack({ redisUrl: database.url })
  const world = connect(stack)
  const walks = await startWalks(world, 8)
  await wait(1_000)
  const { client } = database
  for (const pattern of ['{sb-alert-step}:*', 'sb:alerts:walking']) {
    const keys = await client.keys(pattern)
    expect(keys.length).toBeGreaterThan(0)
    await client.del(keys)
  }
  for (const { id } of walks) {
    const { timeline } = await world.alerts.until(id, 'Tony/sms', 25_000)
    const late = timeline.find(({ event }) => event === 'deadline')
    expect(Date.parse(late!.at) - Date.parse(timeline[0]!.at)).toBeLessThan(18_500)
  }
  await Promise.all(walks.map(({ id }) => world.alerts.delete(`/api/alerts/${id}`)))
})

test('deadlines that a worker took with him when he died: each step is taken within 10 s of its time', async () => {
  await using database = await claimDatabase(inject('redisUrl'))
  await using stack = await startTestStack({ redisUrl: database.url })
  const world = connect(stack)
  // As a second replica that was killed in the middle leaves it: its jobs are active, and locked.
  const client = new Redis(database.url, { maxRetriesPerRequest: null })
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  let taken = 0
  const die = () => {
    taken += 1
    return new Promise<void>(() => undefined)
  }
  startWorker(alertStepQueue, die, { redis: client, log, concurrency: ALERTS })
  const walks = await startWalks(world, 6)
  const late: number[] = []
  for (const { id } of walks) {
    const { timeline } = await world.alerts.until(id, 'exhausted', 90_000)
    const steps = timeline.filter(({ event }) => event === 'contacting').map(({ at }) => Date.parse(at))
    late.push(...steps.slice(1).map((at, index) => at - steps[index]! - 6_000))
  }
  client.disconnect()
  console.log(`${late.length} steps, ${taken} taken by the one who died, the latest by ${Math.max(...late)} ms`)
  expect(taken).toBeGreaterThan(0)
  expect(Math.max(...late)).toBeLessThan(10_000)
})
