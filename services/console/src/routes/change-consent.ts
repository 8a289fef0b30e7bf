import { newId } from '@switchboard/contracts'
import type { FastifyRequest } from 'fastify'

import { sessionOf } from '../auth/require-session.ts'
import { nameInTrail } from './person-view.ts'
import type { Person } from './person-view.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

/** For people who ask by phone, by letter or in their own words. Opting out ends their subscriptions as STOP does. */
export async function changeConsent(
  request: FastifyRequest,
  person: Person,
  state: 'in' | 'out',
  deps: RouteDeps,
): Promise<void> {
  const at = deps.now()
  const causeId = newId('console')
  await trace(request, deps, { action: `consent.${state}`, target: nameInTrail(person) })
  await deps.stores.consent.record(person.id, {
    state,
    sentAt: at,
    receivedAt: at,
    words: `by ${sessionOf(request).name}`.slice(0, 100),
    source: 'operator',
    causeId,
  })
  if (state === 'in') return
  for (const contact of person.contacts) {
    const id = `${causeId}-${contact.channel}`.slice(0, 40)
    const wish = { id, contact, source: 'operator' as const, sentAt: at, receivedAt: at }
    await deps.subscriptionRequests.enqueue({ ...wish, action: { kind: 'unsubscribe' } })
  }
}
