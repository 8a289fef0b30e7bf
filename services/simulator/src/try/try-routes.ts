import { z } from 'zod'

import { controlRoute, type ControlRoute } from '../control/route.ts'
import { notificationProgress } from './notification-progress.ts'
import type { Switchboard } from './switchboard.ts'
import { viewWalk } from './walk-view.ts'

/** Whom and what the panel tries: names of the shipped configuration. */
const POLICY = 'demo'
const TEMPLATE = 'delivery'
const TEXT = 'Main server down'

/** What the panel "Try it" asks of Switchboard. The token stays here. */
export function tryRoutes(switchboard: Switchboard): ControlRoute[] {
  return [...alertRoutes(switchboard), ...notificationRoutes(switchboard)]
}

function alertRoutes(switchboard: Switchboard): ControlRoute[] {
  let lastId: string | undefined
  const view = async (id: string) => viewWalk(await switchboard.alert(id), Date.now())
  return [
    controlRoute({
      method: 'POST',
      path: '/try/alert',
      summary: 'Start the demo alert of the Switchboard behind this simulator',
      handle: async () => {
        const { id } = await switchboard.startAlert(POLICY, TEXT)
        lastId = id
        return view(id)
      },
    }),
    controlRoute({
      method: 'GET',
      path: '/try/alert',
      summary: 'How far the alert has come that was started last; null where none was',
      handle: async () => ({ walk: lastId === undefined ? null : await view(lastId) }),
    }),
    controlRoute({
      method: 'DELETE',
      path: '/try/alert',
      summary: 'Cancel it',
      handle: async () => (lastId === undefined ? undefined : switchboard.cancelAlert(lastId)),
    }),
  ]
}

function notificationRoutes(switchboard: Switchboard): ControlRoute[] {
  return [
    controlRoute({
      method: 'POST',
      path: '/try/notifications',
      summary: 'Send somebody the delivery notification of the shipped configuration',
      body: z.strictObject({ to: z.string().regex(/^[1-9]\d{6,14}$/, 'must be 7 to 15 digits without +') }),
      handle: ({ body }) => switchboard.notify(body.to, TEMPLATE),
    }),
    controlRoute({
      method: 'GET',
      path: '/try/notifications/:id',
      summary: 'What became of it, in a sentence',
      query: z.object({ name: z.string().default('She') }),
      handle: async ({ params, query }) =>
        notificationProgress(await switchboard.notification(params.id ?? ''), query.name),
    }),
  ]
}
