import { setTimeout as delay } from 'node:timers/promises'

import { z } from 'zod'

import { createControlApi } from './control-api.ts'
import { PATIENCE_MS } from './eventually.ts'
import { newAddress } from './simulator.ts'

const POLL_MS = 50

const frames = z.object({
  sent: z.number(),
  received: z.number(),
  /** Came back byte for byte. */
  echoed: z.number(),
  lost: z.number(),
  foreign: z.number(),
  wrongSize: z.number(),
  roundTripMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }).nullable(),
  texts: z.array(z.string()),
  end: z.object({ by: z.string(), code: z.number() }).nullable(),
})

const view = z.object({
  uuid: z.string(),
  conversationUuid: z.string(),
  state: z.string(),
  ncco: z.array(z.looseObject({ action: z.string() })),
  lines: z.array(z.object({ kind: z.string(), text: z.string() })),
  legs: z.array(z.object({ uuid: z.string(), failure: z.string().nullable(), frames: frames.nullable() })),
  frames: frames.nullable(),
})
/** A call as the simulator tells it: shapes in GET /control/openapi.json. */
export type SimulatedCall = z.infer<typeof view>

export interface Caller {
  readonly uuid: string
  readonly from: string
  look(): Promise<SimulatedCall>
  /** Looks again and again until it is so; fails after 20 s with what was seen last. */
  until(isSo: (call: SimulatedCall) => boolean, what: string): Promise<SimulatedCall>
  presses(digits: string): Promise<void>
  hangsUp(): Promise<void>
}

/** Somebody calls our number. */
export async function dial(simulatorUrl: string, from: string = newAddress('sms')): Promise<Caller> {
  const control = createControlApi(simulatorUrl)
  const { uuid } = z.object({ uuid: z.string() }).parse(await control.post('calls', { from }))
  const look = async () => view.parse(await control.get(`calls/${uuid}`))
  return {
    uuid,
    from,
    look,
    async until(isSo, what) {
      const deadline = Date.now() + PATIENCE_MS
      for (;;) {
        const call = await look()
        if (isSo(call)) return call
        if (Date.now() > deadline) throw new Error(`It never came to pass: ${what}. Last: ${JSON.stringify(call)}`)
        await delay(POLL_MS)
      }
    },
    presses: async (digits) => void (await control.post(`calls/${uuid}/dtmf`, { digits })),
    hangsUp: async () => void (await control.delete(`calls/${uuid}`)),
  }
}

const connected = z.object({
  endpoint: z.tuple([z.object({ uri: z.string(), authorization: z.object({ value: z.string() }) })]),
})

/**
 * Where and with which Authorization header Vonage was told to connect. `echoUrl`: the echo as this machine reaches it;
 * in compose Vonage was told a name that only containers know.
 */
export function endpointOf(call: SimulatedCall, echoUrl: string): { uri: string; authorization: string } {
  const { endpoint } = connected.parse(call.ncco.find(({ action }) => action === 'connect'))
  const uri = new URL(endpoint[0].uri)
  uri.host = new URL(echoUrl).host
  return { uri: uri.href, authorization: endpoint[0].authorization.value }
}
