import { randomInt } from 'node:crypto'

import type { Channel } from '@switchboard/contracts'
import { z } from 'zod'

import { createControlApi } from './control-api.ts'
import type { ControlApi } from './control-api.ts'
import { createLine } from './line.ts'
import type { Line } from './line.ts'
import { createPhone } from './phone.ts'
import type { Phone, ThreadMessage } from './phone.ts'
import type { TestStack } from './test-stack.ts'

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

/**
 * Vonage, as tests see it that share one: phones, and what can be made to go wrong for people of one's own. What would
 * happen to everybody is not here, so test files can run at the same time. Shapes: GET /control/openapi.json.
 */
export interface Simulator {
  readonly url: string
  phone(channel: Channel, address?: string): Phone
  /** Where somebody is called. */
  line(address?: string): Line
  /** Somebody with a number and a Messenger id, for the page's list. */
  knows(person: { name: string; number: string; messenger?: string }): Promise<void>
  /** The next request or webhook of this address goes wrong: `{ target: 'send', kind: 'status', status: 500, address }`. */
  breaks(fault: { address: string; [member: string]: unknown }): Promise<void>
  /** The scenario files that ship with it. */
  scenarios(): Promise<Scenario[]>
  /** Throws when the scenario would change Vonage for others as well. */
  loads(name: string, subjects: ScenarioSubjects): Promise<void>
  /** Requests it has received and webhooks it has sent, oldest first. */
  log(about?: string): Promise<LogEntry[]>
  /** The body of the request by which a message was asked for. */
  requestOf(message: Pick<ThreadMessage, 'message_uuid'>): Promise<unknown>
}

/** Vonage, as tests see it that have a stack of their own: also what is so for everybody. */
export interface OwnSimulator extends Simulator {
  loads(name: string, subjects?: ScenarioSubjects): Promise<void>
  heals(): Promise<void>
  changesAccount(change: object): Promise<void>
  reset(): Promise<void>
}

export function connectSimulator(url: string): Simulator {
  return connect(createControlApi(url), url)
}

export function connectOwnSimulator({ addresses }: Pick<TestStack, 'addresses'>): OwnSimulator {
  const control = createControlApi(addresses.simulator)
  return {
    ...connect(control, addresses.simulator),
    loads: async (name, subjects = {}) =>
      void (await control.post('scenarios', narrow(await findScenario(control, name), subjects))),
    heals: async () => void (await control.delete('faults')),
    changesAccount: async (change) => void (await control.put('account', change)),
    reset: async () => void (await control.post('reset', {})),
  }
}

function connect(control: ControlApi, url: string): Simulator {
  const readLog = async (about?: string) =>
    log.parse(await control.get(about ? `log?about=${encodeURIComponent(about)}` : 'log')).entries
  return {
    url,
    phone: (channel, address = newAddress(channel)) => createPhone(control, channel, address),
    line: (address = newAddress('sms')) => createLine(control, address),
    knows: async (person) => void (await control.post('people', person)),
    breaks: async (fault) => void (await control.post('faults', fault)),
    scenarios: () => readScenarios(control),
    async loads(name, subjects) {
      const found = await findScenario(control, name)
      if (changesEverybody(found, subjects)) {
        throw new Error(`The scenario ${name} changes Vonage for everybody: it needs a stack of its own`)
      }
      await control.post('scenarios', narrow(found, subjects))
    },
    log: readLog,
    async requestOf({ message_uuid: uuid }) {
      const request = (await readLog(uuid)).find(({ kind }) => kind === 'request')
      return JSON.parse(request?.body ?? 'null')
    },
  }
}

async function readScenarios(control: ControlApi): Promise<Scenario[]> {
  return shipped.parse(await control.get('scenarios')).scenarios
}

async function findScenario(control: ControlApi, name: string): Promise<Scenario> {
  const found = (await readScenarios(control)).find((each) => each.name === name)
  if (!found) throw new Error(`There is no scenario ${name}`)
  return found
}

function changesEverybody(
  { account, clock, faults, switches }: Scenario,
  { faultsFor, switchesFor }: ScenarioSubjects,
): boolean {
  if (account || clock) return true
  return (faults.length > 0 && !faultsFor) || (Object.keys(switches).length > 0 && !switchesFor)
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

/** An address that no other test uses: tests share one stack. All of 44771… is Great Britain's; Jersey has some of 4477… */
export function newAddress(channel: Channel): string {
  return channel === 'messenger' ? `8${digits(12)}` : `44771${digits(7)}`
}

function digits(count: number): string {
  return String(randomInt(10 ** (count - 1), 10 ** count))
}
