import { addressProblem, channel, channels, newId, personId } from '@switchboard/contracts'
import type { Channel, Contact, Enqueue, EraseRequest } from '@switchboard/contracts'
import { consentEvent, currentConsent, followUp } from '@switchboard/store'
import type { ConsentRecord, ConsentStore, FollowUps } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import { enqueueOrUnavailable, Problem } from '../problem.ts'
import { sendCsv } from '../send-csv.ts'

export interface PeopleRouteDeps {
  consent: Pick<ConsentStore, 'get' | 'page'>
  followUps: Pick<FollowUps, 'open' | 'countOpen' | 'finish'>
  eraseRequests: Enqueue<EraseRequest>
}

/** Consent, what a person should look at, and erasure. */
export function peopleRoutes(app: FastifyInstance, deps: PeopleRouteDeps): void {
  consentRoute(app, deps)
  followUpRoutes(app, deps)
  eraseRoute(app, deps)
}

const consentView = z.object({
  /** `tel.` and a number (one person on all phone channels), or `messenger.` and an id. */
  person: z.string(),
  state: z.enum(['in', 'out']),
  history: z.array(consentEvent),
})
const consentColumns = ['person', 'state', 'at', 'received_at', 'channel', 'source', 'words', 'cause', 'is_current']
const PAGE_SIZE = 200

interface PersonConsent {
  personId: string
  record: ConsentRecord
}

function consentRoute(app: FastifyInstance, { consent }: PeopleRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/consent',
    {
      config: { scope: 'people:read' },
      schema: {
        summary: 'Who opted in or out, when, by what words, on which channel, from which source',
        description: 'JSON: one entry per person, latest change first. CSV: all events, one per line.',
        tags: ['people'],
        querystring: z.object({
          state: z.enum(['in', 'out']).optional(),
          address: z.string().max(60).optional(),
          format: z.enum(['json', 'csv']).default('json'),
          offset: z.coerce.number().int().min(0).default(0),
        }),
        response: { 200: z.object({ people: z.array(consentView), next: z.number().nullable() }) },
      },
    },
    async (request, reply) => {
      const { state, address, format, offset } = request.query
      const fits = ({ record }: PersonConsent) => state === undefined || currentConsent(record) === state
      if (format === 'csv') return sendCsv(reply, 'consent', consentColumns, consentRows(consent, address, fits))
      const page = address ? await consentOf(consent, address) : await consent.page(offset, PAGE_SIZE)
      const people = page
        .filter(fits)
        .map(({ personId, record }) => ({ person: personId, state: currentConsent(record) ?? 'in', ...record }))
      return { people, next: !address && page.length === PAGE_SIZE ? offset + PAGE_SIZE : null }
    },
  )
}

async function consentOf(consent: PeopleRouteDeps['consent'], address: string): Promise<PersonConsent[]> {
  const people = [...new Set(contactsAt(address).map(personId))]
  const found = await Promise.all(people.map(async (each) => ({ personId: each, record: await consent.get(each) })))
  return found.flatMap(({ personId, record }) => (record ? [{ personId, record }] : []))
}

async function* consentRows(
  consent: PeopleRouteDeps['consent'],
  address: string | undefined,
  fits: (person: PersonConsent) => boolean,
) {
  for (let offset = 0; ; offset += PAGE_SIZE) {
    const page = address ? await consentOf(consent, address) : await consent.page(offset, PAGE_SIZE)
    for (const { personId, record } of page.filter(fits)) {
      for (const [index, event] of record.history.entries()) {
        const { state, sentAt, receivedAt, channel, source, words, causeId } = event
        const times = [sentAt, receivedAt].map((at) => new Date(at).toISOString())
        const isCurrent = index === record.history.length - 1 ? 'yes' : 'no'
        yield [personId, state, ...times, channel, source, words, causeId, isCurrent]
      }
    }
    if (address || page.length < PAGE_SIZE) return
  }
}

function followUpRoutes(app: FastifyInstance, { followUps }: PeopleRouteDeps): void {
  const api = app.withTypeProvider<ZodTypeProvider>()
  api.get(
    '/api/follow-ups',
    {
      config: { scope: 'people:read' },
      schema: {
        summary: 'What a person should look at, oldest first',
        tags: ['people'],
        querystring: z.object({
          offset: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(100).default(50),
        }),
        response: { 200: z.object({ open: z.number(), followUps: z.array(followUp) }) },
      },
    },
    async (request) => {
      const { offset, limit } = request.query
      const [found, open] = await Promise.all([followUps.open(offset, limit), followUps.countOpen()])
      return { open, followUps: found }
    },
  )
  api.post(
    '/api/follow-ups/:id/done',
    {
      config: { scope: 'people:write', does: 'follow-up.done', isRepeatable: true },
      schema: {
        summary: 'Mark a follow-up as done',
        tags: ['people'],
        params: z.object({ id: z.string().max(40) }),
        response: { 200: followUp },
      },
    },
    async (request) => {
      const done = await followUps.finish(request.params.id)
      if (done) return done
      throw new Problem(404, 'Unknown follow-up', `There is no follow-up ${request.params.id}.`)
    },
  )
}

function eraseRoute(app: FastifyInstance, { eraseRequests }: PeopleRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().delete(
    '/api/contacts/:address',
    {
      config: { scope: 'people:erase', does: 'person.erase' },
      schema: {
        summary: 'Erase a person',
        description:
          'Removes the person from every record, queue and index; an opt-out stays, as a hash. Jobs that run at that moment are looked for again a minute later. With a channel only the person at that address of that channel (one number is one person on all phone channels).',
        tags: ['people'],
        params: z.object({ address: z.string().max(60) }),
        querystring: z.object({ channel: channel.optional() }),
        response: { 202: z.object({ id: z.string() }) },
      },
    },
    async (request, reply) => {
      const address = request.params.address.replace(/^\+/, '')
      const contacts = contactsAt(address, request.query.channel)
      if (contacts.length === 0) {
        const message = addressProblem(request.query.channel ?? 'sms', address) ?? 'is not an address'
        throw new Problem(422, 'Not valid', `address: ${message}`, [{ field: 'address', message }])
      }
      const id = newId('erase')
      await enqueueOrUnavailable(eraseRequests, { id, contacts, round: 1 })
      return reply.code(202).send({ id })
    },
  )
}

/** Every contact of the persons at an address, of one channel's person or of all. */
function contactsAt(address: string, on?: Channel): Contact[] {
  const all = channels
    .filter((each) => addressProblem(each, address) === undefined)
    .map((each): Contact => ({ channel: each, address }))
  if (on === undefined) return all
  const person = personId({ channel: on, address })
  return all.filter((contact) => personId(contact) === person)
}
