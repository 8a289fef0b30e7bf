import { own, personId } from '@switchboard/contracts'
import { readPhoneNumber } from '@switchboard/phone-numbers'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { alertFilter, findAlerts } from './alert-search.ts'
import { findPeople, lastDigits } from './find-people.ts'
import type { RouteDeps } from './route-deps.ts'

const ALERTS_SHOWN = 10

/** One box for every id, code, number, name and word: what only one page can be meant by leads there, else all that fits is listed. */
export function searchRoutes(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/search', async (request, reply) => {
    const { q } = readInput(z.object({ q: z.string().trim().max(200).default('') }), request.query)
    const page = { title: 'Search', section: 'overview' as const, q, people: [], places: [], alerts: [] }
    if (q === '') return deps.pages.show(request, reply, 'search', page)
    const exact = await findExactly(q, deps)
    if (exact) return reply.redirect(exact, 303)
    const found = await findAll(q, deps)
    const only = onlyPage(q, found)
    if (only) return reply.redirect(only, 303)
    const unknown = isNothing(found) ? placeOfStranger(q, deps.settings) : undefined
    return deps.pages.show(request, reply.code(isNothing(found) ? 404 : 200), 'search', { ...page, ...found, unknown })
  })
}

/** The page of an id, a code, a name of the configuration or a whole number. */
async function findExactly(q: string, { stores, settings }: RouteDeps): Promise<string | undefined> {
  if (/^A\d{1,4}$/i.test(q)) {
    const alert = await stores.alerts.withCode(q.toUpperCase())
    return alert && `/alerts/${alert.id}`
  }
  const topic = Object.keys(settings.feeds).find((name) => name.toLowerCase() === q.toLowerCase())
  if (topic) return placeOfTopic(topic)
  if (own(settings.policies, q)) return placeOfPolicy(q)
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
  // A few digits that no numbering plan has are the end of a number, though they might be one.
  const isEnd = number.kind === 'number' && number.warnings.length > 0 && lastDigits(q) !== undefined
  return number.kind === 'number' && !isEnd ? placeOfNumber(number.address) : undefined
}

type Found = Awaited<ReturnType<typeof findAll>>

/** Everything of every kind that fits in part. */
async function findAll(q: string, deps: RouteDeps) {
  const { stores, settings } = deps
  const words = q.toLowerCase()
  const named = (names: string[]) => names.filter((name) => name.toLowerCase().includes(words))
  const [people, alerts] = await Promise.all([
    findPeople(q, deps),
    findAlerts(stores.alerts, alertFilter.parse({ text: q }), { from: 0, limit: ALERTS_SHOWN, now: deps.now() }),
  ])
  return {
    people,
    places: [
      ...named(Object.keys(settings.feeds)).map((name) => ({ name, kind: 'feed', href: placeOfTopic(name) })),
      ...named(Object.keys(settings.policies)).map((name) => ({ name, kind: 'policy', href: placeOfPolicy(name) })),
    ],
    alerts: alerts.found,
  }
}

function onlyPage(q: string, { people, places, alerts }: Found): string | undefined {
  const kinds = [people, places, alerts].filter(({ length }) => length > 0)
  if (kinds.length > 1 || people.length > 1 || places.length > 1) return undefined
  const [person, place] = [people[0], places[0]]
  if (person !== undefined) return `/people/${encodeURIComponent(person)}`
  if (place) return place.href
  return alerts.length > 0 ? `/alerts?show=all&text=${encodeURIComponent(q)}` : undefined
}

/** The page of digits by which nobody is known yet: a number, or a Messenger id, which is no end of a number. */
function placeOfStranger(q: string, { defaultCountry }: RouteDeps['settings']) {
  if (/^\d{8,50}$/.test(q) && lastDigits(q) === undefined) {
    return { href: `/people/${personId({ channel: 'messenger', address: q })}`, as: 'a Messenger id' }
  }
  const number = readPhoneNumber(q, defaultCountry)
  if (number.kind !== 'number') return undefined
  return { href: placeOfNumber(number.address), as: `the number ${number.address}` }
}

function placeOfNumber(address: string): string {
  return `/people/${personId({ channel: 'sms', address })}`
}

function isNothing({ people, places, alerts }: Found): boolean {
  return people.length + places.length + alerts.length === 0
}

function placeOfTopic(name: string): string {
  return `/people?topic=${encodeURIComponent(name)}`
}

function placeOfPolicy(name: string): string {
  return `/alerts?show=all&policy=${encodeURIComponent(name)}`
}
