import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { z } from 'zod'

import { accountChangeSchema } from './account.ts'
import { faultSchema } from './faults.ts'
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
  world: Pick<World, 'account' | 'clock' | 'faults' | 'people' | 'turnSwitches' | 'announceState'>,
): void {
  if (scenario.account) world.account.change(scenario.account)
  if (scenario.clock) world.clock.set(scenario.clock)
  for (const fault of scenario.faults) world.faults.add(fault)
  for (const person of scenario.people) world.people.add(person)
  for (const [address, switches] of Object.entries(scenario.switches)) world.turnSwitches(address, switches)
  world.announceState()
}
