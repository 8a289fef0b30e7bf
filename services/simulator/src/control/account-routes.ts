import { z } from 'zod'

import { accountChangeSchema } from '../account.ts'
import { faultSchema } from '../faults.ts'
import { stateOf, type World } from '../world.ts'
import { ControlError, controlRoute, type ControlRoute } from './route.ts'

const pairSchema = z.strictObject({ sender: z.string(), address: z.string() })

export function accountRoutes(world: World): ControlRoute[] {
  return [...settingsRoutes(world), ...faultRoutes(world), ...clockRoutes(world)]
}

function settingsRoutes(world: World): ControlRoute[] {
  const optOuts = () => ({ optOuts: world.optOuts.list() })
  return [
    controlRoute({
      method: 'GET',
      path: '/account',
      summary: 'The settings of the account',
      handle: () => world.account.settings(),
    }),
    controlRoute({
      method: 'PUT',
      path: '/account',
      summary: 'Change settings of the account; what is not named stays',
      body: accountChangeSchema,
      handle: ({ body }) => {
        const settings = world.account.change(body)
        world.announceState()
        return settings
      },
    }),
    controlRoute({ method: 'GET', path: '/opt-outs', summary: 'The opt-out list of the carrier', handle: optOuts }),
    controlRoute({
      method: 'POST',
      path: '/opt-outs',
      summary: 'Put a person on the opt-out list of a sender',
      body: pairSchema,
      handle: ({ body }) => {
        world.optOuts.add(body.sender, body.address)
        return optOuts()
      },
    }),
    controlRoute({
      method: 'DELETE',
      path: '/opt-outs/:sender/:address',
      summary: 'Take a person off the opt-out list of a sender',
      handle: ({ params }) => {
        world.optOuts.remove(params.sender ?? '', params.address ?? '')
        return optOuts()
      },
    }),
    controlRoute({
      method: 'GET',
      path: '/state',
      summary: 'Settings, clock and faults together',
      handle: () => stateOf(world),
    }),
    controlRoute({
      method: 'POST',
      path: '/reset',
      summary: 'Back to how the simulator started: threads, faults, settings, clock and log',
      handle: () => {
        world.reset()
        return { reset: true }
      },
    }),
  ]
}

function faultRoutes(world: World): ControlRoute[] {
  return [
    controlRoute({
      method: 'GET',
      path: '/faults',
      summary: 'The faults that are waiting to happen',
      handle: () => ({ faults: world.faults.list() }),
    }),
    controlRoute({
      method: 'POST',
      path: '/faults',
      summary: 'Make something go wrong: one fault or a list',
      body: z.union([faultSchema, z.array(faultSchema)]),
      handle: ({ body }) => ({ faults: [body].flat().map((fault) => world.faults.add(fault)) }),
    }),
    controlRoute({
      method: 'DELETE',
      path: '/faults',
      summary: 'Remove all faults',
      handle: () => {
        world.faults.clear()
        return { faults: [] }
      },
    }),
    controlRoute({
      method: 'DELETE',
      path: '/faults/:id',
      summary: 'Remove one fault',
      handle: ({ params }) => {
        if (!world.faults.remove(params.id ?? '')) throw new ControlError(404, `No fault ${params.id}`)
        return { faults: world.faults.list() }
      },
    }),
  ]
}

function clockRoutes(world: World): ControlRoute[] {
  return [
    controlRoute({ method: 'GET', path: '/clock', summary: 'Simulated time', handle: () => world.clock.state() }),
    controlRoute({
      method: 'PUT',
      path: '/clock',
      summary: 'Speed of simulated time, and whether it stands still',
      body: z.strictObject({ speed: z.number().min(0.01).max(100_000).optional(), paused: z.boolean().optional() }),
      handle: ({ body }) => {
        world.clock.set(body)
        world.announceState()
        return world.clock.state()
      },
    }),
    controlRoute({
      method: 'POST',
      path: '/clock/step',
      summary: 'Move time forward at once, running everything that falls due in order',
      body: z.strictObject({ ms: z.number().min(0) }),
      handle: ({ body }) => {
        world.clock.step(body.ms)
        world.announceState()
        return world.clock.state()
      },
    }),
    controlRoute({
      method: 'GET',
      path: '/log',
      summary: 'Requests received and webhooks sent, oldest first; filter by the id of a message or call',
      query: z.object({
        about: z.string().optional(),
        after: z.coerce.number().optional(),
        limit: z.coerce.number().int().positive().optional(),
      }),
      handle: ({ query }) => ({ entries: world.log.list(query) }),
    }),
    controlRoute({
      method: 'GET',
      path: '/log/:id',
      summary: 'One line of the log with headers, bodies and attempts',
      handle: ({ params }) => {
        const entry = world.log.get(Number(params.id))
        if (!entry) throw new ControlError(404, `No line ${params.id}`)
        return entry
      },
    }),
  ]
}
