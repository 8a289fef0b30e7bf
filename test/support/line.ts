import { expect, vi } from 'vitest'
import { z } from 'zod'

import type { ControlApi } from './control-api.ts'
import { PATIENCE_MS } from './eventually.ts'

const call = z.looseObject({
  uuid: z.string(),
  to: z.string(),
  direction: z.string(),
  state: z.string(),
  lines: z.array(z.looseObject({ kind: z.string(), text: z.string() })),
})
const calls = z.object({ calls: z.array(call) })

/** A call that rings on somebody's phone. */
export interface RingingCall {
  /** Takes it, as the person or as the machine that answers for them. */
  answers(by?: 'person' | 'machine'): Promise<void>
  /** Declines it while it rings, hangs up afterwards. */
  hangsUp(): Promise<void>
  presses(key: string): Promise<void>
  /** Waits until something is said. */
  hears(pattern: RegExp): Promise<void>
  /** How often something has been said so far. */
  heard(pattern: RegExp): Promise<number>
  /** Waits for a state, such as `completed`. */
  until(state: string): Promise<void>
}

/** The phone of somebody who is called. */
export interface Line {
  readonly channel: 'voice'
  readonly address: string
  /** The next call that rings, or rang, and has not been looked at. */
  rings(): Promise<RingingCall>
  /** How many calls there have been. */
  count(): Promise<number>
}

export function createLine(control: ControlApi, address: string): Line {
  const taken = new Set<string>()
  const callsToIt = async () =>
    calls
      .parse(await control.get('calls'))
      .calls.filter(({ to, direction }) => to === address && direction === 'outbound')
  return {
    channel: 'voice',
    address,
    count: async () => (await callsToIt()).length,
    async rings() {
      const next = async () => (await callsToIt()).find(({ uuid }) => !taken.has(uuid))
      await vi.waitFor(async () => expect(await next()).toBeDefined(), { timeout: PATIENCE_MS, interval: 40 })
      const { uuid = '' } = (await next()) ?? {}
      taken.add(uuid)
      return createRingingCall(control, `calls/${uuid}`)
    },
  }
}

function createRingingCall(control: ControlApi, path: string): RingingCall {
  const view = async () => call.parse(await control.get(path))
  const heard = async (pattern: RegExp) =>
    (await view()).lines.filter(({ kind, text }) => kind === 'talk' && pattern.test(text)).length
  const wait = { timeout: PATIENCE_MS, interval: 40 }
  return {
    heard,
    answers: async (by = 'person') => void (await control.post(`${path}/answer`, { by })),
    hangsUp: async () => void (await control.delete(path)),
    presses: async (key) => void (await control.post(`${path}/dtmf`, { digits: key })),
    hears: async (pattern) => vi.waitFor(async () => expect(await heard(pattern)).toBeGreaterThan(0), wait),
    until: async (state) => vi.waitFor(async () => expect((await view()).state).toBe(state), wait),
  }
}
