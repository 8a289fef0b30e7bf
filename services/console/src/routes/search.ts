import { own, personId } from '@switchboard/contracts'
import { readPhoneNumber } from '@switchboard/phone-numbers'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { alertFilter, findAlerts } from './alert-search.ts'
import type { RouteDeps } from './route-deps.ts'

/** One box for every id, code, number and address. */
export function searchRoutes(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/search', async (request, reply) => {
    const { q } = readInput(z.object({ q: z.string().trim().max(200).default('') }), request.query)
    const found = q === '' ? undefined : await find(q, deps)
    if (found) return reply.redirect(found, 303)
    const view = { title: 'Search', section: 'overview' as const, q }
    return deps.pages.show(request, reply.code(q === '' ? 200 : 404), 'search', view)
  })
}

/** The page of what is meant; undefined when nothing fits. */
async function find(q: string, { stores, settings, now }: RouteDeps): Promise<string | undefined> {
  if (/^A\d{1,4}$/i.test(q)) {
    const alert = await stores.alerts.withCode(q.toUpperCase())
    return alert && `/alerts/${alert.id}`
  }
  const topic = Object.keys(settings.feeds).find((name) => name.toLowerCase() === q.toLowerCase())
  if (topic) return `/people?topic=${encodeURIComponent(topic)}`
  if (own(settings.policies, q)) return `/alerts?show=all&policy=${encodeURIComponent(q)}`
  if (/^[\w.-]{1,100}$/.test(q)) {
    const [alert, notification, message, call, messageId] = await Promise.all([
      stores.alerts.get(q),
      stores.notifications.get(q),
      stores.ledger.get(q),
      stores.calls.get(q),
      stores.ledger.findByUuid(q),
    ])
    if (alert) return `/alerts/${q}`
    if (notification) return `/notifications/${q}`
    if (message) return `/messages/${q}`
    if (call) return `/calls/${q}`
    if (messageId) return `/messages/${messageId}`
  }
  const number = readPhoneNumber(q, settings.defaultCountry)
  if (number.kind === 'number') return `/people/${personId({ channel: 'sms', address: number.address })}`
  const byWords = await findAlerts(stores.alerts, alertFilter.parse({ text: q }), { from: 0, limit: 1, now: now() })
  if (byWords.found.length > 0) return `/alerts?show=all&text=${encodeURIComponent(q)}`
  return /^\d{8,50}$/.test(q) ? `/people/${personId({ channel: 'messenger', address: q })}` : undefined
}
