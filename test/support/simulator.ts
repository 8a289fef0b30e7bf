import { randomInt } from 'node:crypto'

import type { Channel } from '@switchboard/contracts'
import { z } from 'zod'

import { createControlApi } from './control-api.ts'
import { createPhone } from './phone.ts'
import type { Phone } from './phone.ts'

const logEntry = z.looseObject({
  kind: z.string(),
  url: z.string(),
  body: z.string(),
  status: z.number().nullable(),
  /** `open` and `retrying` are under way. */
  state: z.string(),
  attempts: z.array(z.looseObject({ at: z.string(), status: z.number().nullable() })),
})
export type LogEntry = z.infer<typeof logEntry>

const log = z.object({ entries: z.array(logEntry) })

const scenario = z.object({
  name: z.string(),
  account: z.record(z.string(), z.unknown()).optional(),
  clock: z.record(z.string(), z.unknown()).optional(),
  faults: z.array(z.record(z.string(), z.unknown())),
  switches: z.record(z.string(), z.record(z.string(), z.boolean())),
})
type Scenario = z.infer<typeof scenario>
const shipped = z.object({ scenarios: z.array(scenario) })

export interface ScenarioSubjects {
  /** Its faults happen to nobody else. */
  faultsFor?: string
  /** How often, instead of what the file says. */
  times?: number
  /** Its switches are turned for these instead of for the people it names. */
  switchesFor?: string[]
}

/** Vonage, as the tests see it: phones, and what can be made to go wrong. Shapes: GET /control/openapi.json. */
export interface Simulator {
  readonly url: string
  phone(channel: Channel, address?: string): Phone
  /** The next request or webhook goes wrong, `{ target: 'send', kind: 'status', status: 500 }` for example. */
  breaks(fault: object): Promise<void>
  heals(): Promise<void>
  /** The scenario files that ship with it. */
  scenarios(): Promise<Scenario[]>
  loads(name: string, subjects?: ScenarioSubjects): Promise<void>
  changesAccount(change: object): Promise<void>
  runsAt(speed: number): Promise<void>
  /** Requests it has received and webhooks it has sent, oldest first. */
  log(about?: string): Promise<LogEntry[]>
  reset(): Promise<void>
}

export function connectSimulator(url: string): Simulator {
  const control = createControlApi(url)
  const scenarios = async () => shipped.parse(await control.get('scenarios')).scenarios
  return {
    url,
    phone: (channel, address = newAddress(channel)) => createPhone(control, channel, address),
    breaks: async (fault) => void (await control.post('faults', fault)),
    heals: async () => void (await control.delete('faults')),
    scenarios,
    async loads(name, subjects = {}) {
      const found = (await scenarios()).find((each) => each.name === name)
      if (!found) throw new Error(`There is no scenario ${name}`)
      await control.post('scenarios', narrow(found, subjects))
    },
    changesAccount: async (change) => void (await control.put('account', change)),
    runsAt: async (speed) => void (await control.put('clock', { speed })),
    log: async (about) =>
      log.parse(await control.get(about ? `log?about=${encodeURIComponent(about)}` : 'log')).entries,
    reset: async () => void (await control.post('reset', {})),
  }
}

function narrow({ name: _name, ...found }: Scenario, { faultsFor, times, switchesFor }: ScenarioSubjects): object {
  const [switches] = Object.values(found.switches)
  const narrowed = {
    ...(faultsFor === undefined ? {} : { address: faultsFor }),
    ...(times === undefined ? {} : { times }),
  }
  return {
    ...found,
    faults: found.faults.map((fault) => ({ ...fault, ...narrowed })),
    switches: switchesFor ? Object.fromEntries(switchesFor.map((address) => [address, switches])) : found.switches,
  }
}

/** An address that no other test uses: tests share one stack. */
export function newAddress(channel: Channel): string {
  return channel === 'messenger' ? `8${digits(12)}` : `4477${digits(8)}`
}

function digits(count: number): string {
  return String(randomInt(10 ** (count - 1), 10 ** count))
}
