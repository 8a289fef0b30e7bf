import { z } from 'zod'

import { viewOfCall, type Call } from '../voice/call.ts'
import type { Calls } from '../voice/calls.ts'
import type { World } from '../world.ts'
import { ControlError, controlRoute, type ControlRoute } from './route.ts'

const number = z.string().regex(/^[1-9]\d{6,14}$/, 'must be 7 to 15 digits without +')

export function callRoutes(world: Pick<World, 'account'>, calls: Calls): ControlRoute[] {
  const find = (params: Record<string, string>) => {
    const call = calls.get(params.uuid ?? '')
    if (!call) throw new ControlError(404, `No call ${params.uuid}`)
    return call
  }
  return [
    controlRoute({
      method: 'POST',
      path: '/calls',
      summary: 'Call one of our numbers from this phone',
      body: z.strictObject({ from: number, to: number.optional() }),
      handle: ({ body }) => {
        const call = calls.dial(body.from, body.to ?? world.account.settings().senders.sms)
        return { uuid: call.uuid, conversation_uuid: call.conversationUuid }
      },
    }),
    controlRoute({
      method: 'GET',
      path: '/calls',
      summary: 'All calls, oldest first',
      handle: () => ({ calls: calls.list().map(viewOfCall) }),
    }),
    controlRoute({
      method: 'GET',
      path: '/calls/:uuid',
      summary: 'A call: its state, NCCO, what was said, and the frames of its WebSocket legs',
      handle: ({ params }) => viewOfCall(find(params)),
    }),
    ...duringCall(calls, find),
  ]
}

/** What the person can do with a call. */
function duringCall(calls: Calls, find: (params: Record<string, string>) => Call): ControlRoute[] {
  return [
    controlRoute({
      method: 'POST',
      path: '/calls/:uuid/answer',
      summary: 'Take a call that rings, as the person or as the machine that answers for them',
      body: z.strictObject({ by: z.enum(['person', 'machine']).default('person') }),
      handle: ({ params, body }) => {
        if (!calls.pickUp(find(params), body.by)) throw new ControlError(409, 'It does not ring')
        return { by: body.by }
      },
    }),
    controlRoute({
      method: 'POST',
      path: '/calls/:uuid/dtmf',
      summary: 'Press keys',
      body: z.strictObject({
        digits: z.string().regex(/^[0-9*#]+$/, 'must be digits, * or #'),
        durationMs: z.number().min(0).default(220),
      }),
      handle: ({ params, body }) => {
        calls.press(find(params), body.digits, body.durationMs)
        return { pressed: body.digits }
      },
    }),
    controlRoute({
      method: 'POST',
      path: '/calls/:uuid/say',
      summary: 'Say something as the person; heard while an `input` listens for speech',
      body: z.strictObject({ text: z.string().min(1).max(1_000) }),
      handle: ({ params, body }) => ({ isHeard: calls.say(find(params), body.text) }),
    }),
    controlRoute({
      method: 'DELETE',
      path: '/calls/:uuid',
      summary: 'Hang up as the person',
      handle: ({ params }) => {
        calls.hangUp(find(params))
        return { hungUp: true }
      },
    }),
  ]
}
