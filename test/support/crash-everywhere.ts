import { Redis } from 'ioredis'
import { expect } from 'vitest'

import type { TestDatabase } from './test-database.ts'

/** One thing that a service does, on a connection that may die. */
export interface Scenario {
  /** What has happened before. */
  prepare?: (client: Redis, stack: AsyncDisposableStack) => Promise<unknown>
  /** What the worker does when it dies. */
  act: (client: Redis, stack: AsyncDisposableStack) => Promise<unknown>
  /** What runs all the time, on another replica, so many seconds later. */
  reconcile: (client: Redis, stack: AsyncDisposableStack) => Promise<unknown>
  /** What must hold as soon as it is dead. */
  atOnce?: Scenario['act']
  /** Jobs and keys that may be left over, because they do no harm. */
  harmless?: RegExp
  /** What may differ in what is written. With the flag `g`. */
  mayDiffer?: RegExp
}

class CrashError extends Error {
  override name = 'CrashError'
}

/** What is in Redis: our records and indexes, and which jobs wait in which queue. */
type World = Record<string, string>

/**
 * Does one thing again and again, dying before its first command, its second, … until it gets through, and lets others
 * look after what it left. Then the world is as if nothing had happened: as before, where nothing was written yet, else
 * as after. Done again, as the queue would do it, it is as after in any case. Returns how many crashes were tried.
 */
export async function crashEverywhere(database: TestDatabase, scenario: Scenario) {
  const { prepare, act, reconcile, atOnce, harmless = /^$/, mayDiffer = /^$/g } = scenario
  const run = (step: Scenario['act'], commands = Infinity) => withClient(database.url, commands, step)
  const look = () => readWorld(database, { harmless, mayDiffer })
  const begin = async () => {
    await database.flush()
    if (prepare) await run(prepare)
  }
  await begin()
  const before = await look()
  await run(act)
  const after = await look()
  expect(after).not.toEqual(before)

  for (let commands = 0; commands < MAX_COMMANDS; commands += 1) {
    await begin()
    const didDie = await run(act, commands)
    if (atOnce) await run(atOnce)
    await run(reconcile)
    const healed = await look()
    const hint = `dead before command ${commands + 1}`
    if (JSON.stringify(healed) !== JSON.stringify(before)) expect(healed, `${hint}, looked after`).toEqual(after)
    await run(act)
    expect(await look(), `${hint}, done again`).toEqual(after)
    if (!didDie) return commands
  }
  throw new Error('It never gets through')
}

const MAX_COMMANDS = 200

/** Does something on a connection that dies before a command. Resolves to whether it died on the way. */
export async function withClient(url: string, commands: number, step: Scenario['act']): Promise<boolean> {
  await using stack = new AsyncDisposableStack()
  const client = new Redis(url, { maxRetriesPerRequest: null })
  stack.defer(() => client.disconnect())
  await client.ping()
  let left = commands
  const send = client.sendCommand.bind(client)
  client.sendCommand = (command, ...rest) => {
    left -= 1
    if (left >= 0) return send(command, ...rest)
    command.reject(new CrashError('killed'))
    return command.promise
  }
  try {
    await step(client, stack)
    // What nobody waited for is done when this has an answer, and its turn comes before.
    await new Promise((resolve) => void setImmediate(resolve))
    const didDie = left < 0
    left = Infinity
    await client.ping()
    return didDie
  } catch (error) {
    if (left >= 0) throw error
    return true
  } finally {
    left = Infinity
  }
}

/** Not of interest: how often something was tried. */
const IGNORED = /^sb:(alert-code|processed)|^switchboard-test-claim$/

async function readWorld(
  { client }: TestDatabase,
  { harmless, mayDiffer }: { harmless: RegExp; mayDiffer: RegExp },
): Promise<World> {
  const world: World = {}
  for (const key of (await client.keys('*')).toSorted()) {
    const [, queue, id] = /^\{sb-([\w-]+)\}:[\w-]+:(.+)$/.exec(key) ?? []
    const isJob = id !== undefined && (await client.type(key)) === 'hash' && (await client.hexists(key, 'data')) === 1
    if (isJob) world[`job ${queue} ${id}`] = 'waits'
    else if (!key.startsWith('{') && !IGNORED.test(key)) world[key] = JSON.stringify(await readKey(client, key))
  }
  const relevant = Object.entries(world).filter(([key]) => !harmless.test(key))
  return Object.fromEntries(relevant.map(([key, value]) => [key, value.replaceAll(mayDiffer, '')]))
}

async function readKey(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'string':
      return (await client.get(key))?.replace(/^\{"v":\d+,/, '{')
    case 'set':
      return (await client.smembers(key)).toSorted()
    case 'zset':
      return client.zrange(key, '0', '-1', 'WITHSCORES')
    case 'list':
      // Our lists are indexes, in which an entry may be twice.
      return [...new Set(await client.lrange(key, 0, -1))].toSorted()
    default:
      return client.hgetall(key)
  }
}
