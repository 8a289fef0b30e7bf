import { channel, newId, own, parseContactId, personId } from '@switchboard/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { Refusal, unknown } from '../refusal.ts'
import type { PageData } from '../render.ts'
import { changeConsent } from './change-consent.ts'
import { conversationOf } from './conversation.ts'
import { pageOf, readPage } from './paging.ts'
import { lookAtPerson, nameInTrail, placesOf, readPersonId } from './person-view.ts'
import type { Person } from './person-view.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const PAGE_SIZE = 50

export function peopleRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { pages } = deps
  app.get('/people', async (request, reply) => pages.show(request, reply, 'people', await list(request, deps)))
  deps.live(app, { path: '/people/:id', template: 'person', load: (request) => one(request, deps) })
  writeRoute(app, deps)
  nameRoute(app, deps)
  exportRoute(app, deps)
  consentRoute(app, deps)
  eraseRoute(app, deps)
}

const listQuery = z.object({ topic: z.string().max(40).optional(), after: z.string().max(130).default('') })

async function list(request: FastifyRequest, { stores, settings }: RouteDeps): Promise<PageData> {
  const { topic, after } = readInput(listQuery, request.query)
  const page = readPage(request.query)
  const topics = await Promise.all(
    Object.keys(settings.feeds).map(async (name) => ({ name, count: await stores.subscriptions.count(name) })),
  )
  const shared = {
    title: 'People',
    lead: 'Who gets what, and who wants none of it. Anybody else is found by name or number.',
    section: 'people' as const,
    topics,
    topic,
  }
  if (topic === undefined) {
    const found = await stores.consent.page(page * PAGE_SIZE, PAGE_SIZE + 1)
    const consents = found.slice(0, PAGE_SIZE).map(({ personId: id, record }) => ({ id, ...record.history.at(-1) }))
    const paging = pageOf({ page, hasMore: found.length > PAGE_SIZE, path: '/people', query: {} })
    return { ...shared, consents, paging, subscribers: undefined, next: undefined, after }
  }
  const ids = await stores.subscriptions.page(topic, after, PAGE_SIZE)
  // A feed that was taken out of the configuration may still have some.
  if (ids.length === 0 && !own(settings.feeds, topic)) throw unknown(`feed ${topic} in the configuration`)
  const subscribers = await Promise.all(
    ids.map(async (id) => {
      const contact = parseContactId(id)
      return { contact, personId: personId(contact), since: (await stores.subscriptions.get(contact))?.receivedAt }
    }),
  )
  return { ...shared, subscribers, next: ids.length === PAGE_SIZE ? ids.at(-1) : undefined, consents: undefined, after }
}

function personIn(request: FastifyRequest): Person {
  const { id } = readInput(z.object({ id: z.string().max(110) }), request.params)
  const person = readPersonId(id)
  if (!person) throw unknown(`person ${id}: a person is named by a number, or by an id of Messenger`)
  return person
}

const personQuery = z.object({
  erasing: z.string().optional(),
  updates: z.string().optional(),
  again: z.string().max(100).optional(),
})

async function one(request: FastifyRequest, { stores, settings, now }: RouteDeps): Promise<PageData> {
  const person = personIn(request)
  const { erasing, updates, again } = readInput(personQuery, request.query)
  const sent = again === undefined ? undefined : await stores.ledger.get(again)
  const draft = sent?.to === person.address ? sent : undefined
  const [record, places] = [await lookAtPerson(person, stores, now()), placesOf(person, settings.policies)]
  const names = [...new Set([...(record.name === undefined ? [] : [record.name]), ...places.map(({ name }) => name)])]
  const conversation = conversationOf(record, { withUpdates: updates !== undefined })
  const preferred = draft?.channel ?? record.inbound[0]?.channel
  return {
    title: [...names, person.address].join(', '),
    heading: [...names, person.address],
    section: 'people',
    now: now(),
    isErasing: erasing !== undefined,
    person: record,
    places,
    conversation,
    withUpdates: updates !== undefined,
    draft: draft?.text ?? '',
    // Where they wrote last is where they are.
    channels: person.contacts
      .map(({ channel }) => channel)
      .filter((channel) => settings.senders[channel] !== undefined)
      .toSorted((a, b) => Number(b === preferred) - Number(a === preferred)),
  }
}

const nameForm = z.object({
  name: z
    .string()
    .transform((name) => name.replaceAll(/\s+/g, ' ').trim())
    .pipe(
      z
        .string()
        .max(80, 'has 80 characters at most')
        .regex(/^\P{Cc}*$/u, 'has characters in it that cannot be shown'),
    ),
})

/** What they are called here; the trail has that it changed, not the name, which goes with the person. */
function nameRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/people/:id/name', { config: { needs: 'operator' } }, async (request, reply) => {
    const person = personIn(request)
    const { name } = readInput(nameForm, request.body)
    await trace(request, deps, { action: name === '' ? 'person.unname' : 'person.name', target: nameInTrail(person) })
    await deps.stores.personNames.set(person.id, name === '' ? undefined : name)
    return reply.redirect(`/people/${person.id}`, 303)
  })
}

const words = z.object({ channel, text: z.string().trim().min(1, 'write something').max(1_600) })

/** A message in the words of whoever writes here: it goes the way of any other, and the conversation says what became of it. */
function writeRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/people/:id/messages', { config: { needs: 'operator' } }, async (request, reply) => {
    const person = personIn(request)
    const { channel: on, text } = readInput(words, request.body)
    const contact = person.contacts.find((each) => each.channel === on)
    if (!contact) throw new Refusal(422, 'Not sent', 'This person cannot be reached on that channel.')
    await trace(request, deps, { action: 'person.write', target: nameInTrail(person) })
    await deps.send({
      id: newId('msg'),
      channel: on,
      to: contact.address,
      text,
      purpose: 'message',
      createdAt: deps.now(),
    })
    return reply.redirect(`/people/${person.id}`, 303)
  })
}

/** Everything on record, for the person who asks for it. */
function exportRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/people/:id/export', async (request, reply) => {
    const person = personIn(request)
    await trace(request, deps, { action: 'person.export', target: nameInTrail(person) })
    return reply
      .type('application/json')
      .header('content-disposition', 'attachment; filename="person.json"')
      .send(JSON.stringify(await lookAtPerson(person, deps.stores, deps.now()), null, 2))
  })
}

const consentForm = z.object({ state: z.enum(['in', 'out']) })

function consentRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/people/:id/consent', { config: { needs: 'operator' } }, async (request, reply) => {
    const person = personIn(request)
    await changeConsent(request, person, readInput(consentForm, request.body).state, deps)
    return reply.redirect(`/people/${person.id}`, 303)
  })
}

const eraseForm = z.object({ confirm: z.string().trim() })

function eraseRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/people/:id/erase', { config: { needs: 'admin' } }, async (request, reply) => {
    const person = personIn(request)
    if (readInput(eraseForm, request.body).confirm.replace(/^\+/, '') !== person.address) {
      throw new Refusal(422, 'Not erased', 'Type the address exactly as it is shown to erase this person.')
    }
    await trace(request, deps, { action: 'person.erase', target: nameInTrail(person) })
    await deps.erasures.enqueue({ id: newId('erase'), contacts: person.contacts, round: 1 })
    return reply.redirect(`/people/${person.id}?erasing`, 303)
  })
}
