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
  attempts: z.array(z.looseObject({ at: z.string(), status: z.number().nullable() })),
})
export type LogEntry = z.infer<typeof logEntry>

const log = z.object({ entries: z.array(logEntry) })

/** Vonage, as the tests see it: phones, and what can be made to go wrong. Shapes: GET /control/openapi.json. */
export interface Simulator {
  readonly url: string
  phone(channel: Channel, address?: string): Phone
  /** The next request or webhook goes wrong, `{ target: 'send', kind: 'status', status: 500 }` for example. */
  breaks(fault: object): Promise<void>
  heals(): Promise<void>
  changesAccount(change: object): Promise<void>
  runsAt(speed: number): Promise<void>
  /** Requests it has received and webhooks it has sent, oldest first. */
  log(about?: string): Promise<LogEntry[]>
  reset(): Promise<void>
}

export function connectSimulator(url: string): Simulator {
  const control = createControlApi(url)
  return {
    url,
    phone: (channel, address = newAddress(channel)) => createPhone(control, channel, address),
    breaks: async (fault) => void (await control.post('faults', fault)),
    heals: async () => void (await control.delete('faults')),
    changesAccount: async (change) => void (await control.put('account', change)),
    runsAt: async (speed) => void (await control.put('clock', { speed })),
    log: async (about) =>
      log.parse(await control.get(about ? `log?about=${encodeURIComponent(about)}` : 'log')).entries,
    reset: async () => void (await control.post('reset', {})),
  }
}

/** An address that no other test uses: tests share one stack. */
export function newAddress(channel: Channel): string {
  return channel === 'messenger' ? `8${digits(12)}` : `4477${digits(8)}`
}

function digits(count: number): string {
  return String(randomInt(10 ** (count - 1), 10 ** count))
}
