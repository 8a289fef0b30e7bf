import { isPhoneNumber } from '../channels/addresses.ts'
import type { People } from '../people.ts'
import type { Endpoint, WebsocketEndpoint } from './ncco.ts'

/** Where a call goes: somebody's phone, an application's socket, or nowhere that is simulated. */
export interface Destination {
  endpoint: Endpoint
  /** As events and pages name it. */
  label: string
  /** Of the person whose phone rings; null where nobody's does. */
  rings: string | null
  socket: WebsocketEndpoint | null
}

/**
 * An app user is the person of that name; a SIP address is the person whose number or name stands before the `@`.
 * Extensions of a Vonage Business account are nobody's.
 */
export function destinationOf(endpoint: Endpoint, people: Pick<People, 'list'>): Destination {
  const to = (label: string, rings: string | null) => ({ endpoint, label, rings, socket: null })
  switch (endpoint.type) {
    case 'phone':
      return to(endpoint.number, endpoint.number)
    case 'app':
      return to(endpoint.user, numberOf(endpoint.user, people))
    case 'sip': {
      const user = /^sips?:([^@;]+)/.exec(endpoint.uri)?.[1] ?? ''
      return to(endpoint.uri, numberOf(user, people))
    }
    case 'vbc':
      return to(endpoint.extension, null)
    case 'websocket':
      return { endpoint, label: endpoint.uri, rings: null, socket: endpoint }
  }
}

function numberOf(user: string, people: Pick<People, 'list'>): string | null {
  const digits = user.replace(/^\+/, '')
  if (isPhoneNumber(digits)) return digits
  return people.list().find(({ name }) => name.toLowerCase() === user.toLowerCase())?.number ?? null
}
