import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { z } from 'zod'

import { accountChangeSchema } from './account.ts'
import { channels } from './channels.ts'
import { faultSchema } from './faults.ts'
import { messageSchema } from './message-store.ts'
import { switchesSchema } from './people.ts'
import type { World } from './world.ts'

/** A situation that can be loaded: settings, faults, switches of people and the clock. */
export const scenarioSchema = z.strictObject({
  title: z.string().default(''),
  description: z.string().default(''),
  account: accountChangeSchema.optional(),
  clock: z
    .strictObject({ speed: z.number().min(0.01).max(100_000).optional(), paused: z.boolean().optional() })
    .optional(),
  faults: z.array(faultSchema).default([]),
  people: z
    .array(
      z.strictObject({
        name: z.string(),
        number: z.string().optional(),
        messenger: z.string().optional(),
        userId: z.string().optional(),
      }),
    )
    .default([]),
  /** By any address of a person. */
  switches: z.record(z.string(), switchesSchema).default({}),
  /** What is in the threads already: shown, and told to nobody. */
  messages: z.array(messageSchema).default([]),
  /** When somebody last wrote to one of our senders. */
  windows: z
    .array(
      z.strictObject({
        channel: z.enum(channels),
        address: z.string(),
        sender: z.string(),
        hoursAgo: z.number().min(0),
      }),
    )
    .default([]),
  optOuts: z.array(z.strictObject({ sender: z.string(), address: z.string() })).default([]),
})

export type Scenario = z.output<typeof scenarioSchema>

export interface NamedScenario extends Scenario {
  name: string
}

export const shippedScenarios = join(import.meta.dirname, '../scenarios')

/** The scenario files of a folder, by name. Throws with the file's name when one is not valid. */
export function readScenarios(folder: string): NamedScenario[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => readScenario(join(folder, file)))
}

export function readScenario(path: string): NamedScenario {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return { name: basename(path, '.json'), ...scenarioSchema.parse(json) }
  } catch (error) {
    throw new Error(`Scenario ${path} cannot be used`, { cause: error })
  }
}

/** Adds the scenario to what is the case already. */
export function loadScenario(
  scenario: Scenario,
  world: Pick<
    World,
    'account' | 'clock' | 'faults' | 'people' | 'messages' | 'optOuts' | 'turnSwitches' | 'announceState'
  >,
): void {
  if (scenario.account) world.account.change(scenario.account)
  if (scenario.clock) world.clock.set(scenario.clock)
  for (const fault of scenario.faults) world.faults.add(fault)
  for (const person of scenario.people) world.people.add(person)
  for (const [address, switches] of Object.entries(scenario.switches)) world.turnSwitches(address, switches)
  for (const message of scenario.messages) if (world.messages.get(message.id) === null) world.messages.add(message)
  for (const { channel, address, sender, hoursAgo } of scenario.windows) {
    world.messages.heard(channel, address, sender, world.clock.now() - hoursAgo * HOUR_MS)
  }
  for (const { sender, address } of scenario.optOuts) world.optOuts.add(sender, address)
  world.announceState()
}

const HOUR_MS = 3_600_000
const KEPT_PER_THREAD = 50
const KEPT_MESSAGES = 2_000

/** What is the case now, to be loaded again or given to somebody else; addresses of this machine are left out. */
export function scenarioOf(world: Pick<World, 'account' | 'clock' | 'faults' | 'people' | 'messages' | 'optOuts'>) {
  const { urls: _urls, accountStatusUrl: _statusUrl, ...account } = world.account.settings()
  const people = world.people.list()
  const now = world.clock.now()
  const messages = world.messages.threads().flatMap((thread) => thread.messages.slice(-KEPT_PER_THREAD))
  return {
    title: 'A saved situation',
    description: `${people.length} people, as of ${new Date().toISOString().slice(0, 16).replace('T', ' ')}`,
    account,
    clock: { speed: world.clock.state().speed, paused: world.clock.state().paused },
    faults: world.faults.list().map(({ fault, remaining }) => ({ ...fault, times: remaining })),
    people: people.map(({ name, number, messenger, userId }) => ({
      name,
      number: number ?? undefined,
      messenger: messenger ?? undefined,
      userId: userId ?? undefined,
    })),
    switches: Object.fromEntries(people.map(({ id, switches }) => [id, switches])),
    messages: messages.sort((a, b) => a.at.localeCompare(b.at)).slice(-KEPT_MESSAGES),
    windows: world.messages.allHeard().map(({ at, ...window }) => ({
      ...window,
      hoursAgo: Math.max(0, now - at) / HOUR_MS,
    })),
    optOuts: world.optOuts.list(),
  } satisfies z.input<typeof scenarioSchema>
}
