import { may } from '@switchboard/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { Refusal } from '../refusal.ts'
import { isReading, neededRole } from './needed-role.ts'
import type { Session, Sessions } from './sessions.ts'

export const SESSION_COOKIE = 'switchboard_session'

const sessions = new WeakMap<FastifyRequest, Session>()

/** Who makes this request. Only behind the login. */
export function sessionOf(request: FastifyRequest): Session {
  const session = sessions.get(request)
  if (!session) throw new Error(`${request.url} was reached without a login`)
  return session
}

/**
 * Lets nobody pass who is not logged in, whatever they ask for: pages, streams, Bull Board and its API. Pages lead to
 * the login; everything else is answered 401.
 */
export function createRequireSession({ read }: Pick<Sessions, 'read'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const session = await read(request.cookies[SESSION_COOKIE])
    if (session) {
      sessions.set(request, session)
      return session.owes && leadTo(debts[session.owes], request, reply)
    }
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (!isPage || request.headers['hx-request']) throw new Refusal(401, 'Not logged in', 'Log in again.')
    return reply.redirect(`/login?to=${encodeURIComponent(request.url)}`)
  }
}

interface Debt {
  /** Where it is paid. */
  page: string
  routes: string[]
  title: string
  why: string
}

const debts: Record<NonNullable<Session['owes']>, Debt> = {
  password: {
    page: '/account',
    routes: ['/account', '/account/password'],
    title: 'Change your password first',
    why: 'Somebody else has made it, and may know it.',
  },
  'second-factor': {
    page: '/account/second-factor',
    routes: ['/account/second-factor'],
    title: 'Set up your second factor first',
    why: 'Nobody works here with a password alone.',
  },
}

/** Whoever owes something sees nothing but the page where they give it. */
function leadTo(
  { page, routes, title, why }: Debt,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  if (routes.includes(request.routeOptions.url ?? '')) return undefined
  if (request.method === 'GET' && !request.headers['hx-request']) return reply.redirect(page)
  throw new Refusal(403, title, why)
}

/** Whoever asks must have the role that the route says, and whoever changes something must come from a page of ours. */
export async function requireRole(request: FastifyRequest): Promise<void> {
  if (!isReading(request.method)) requireSameOrigin(request)
  const { role } = sessionOf(request)
  const needed = neededRole(request.routeOptions.config)
  if (!may(role, needed)) {
    throw new Refusal(403, 'Not with your role', `This needs the role ${needed}. You are logged in as ${role}.`)
  }
}

/** Browsers say where a form comes from; one that comes from elsewhere is refused. */
export function requireSameOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const isSameOrigin = origin === undefined ? true : URL.parse(origin)?.host === host
  if (!isSameOrigin || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
    throw new Refusal(403, 'Not from here', 'This form was sent from another site.')
  }
}

/** Every form of ours carries the token of its session. */
export function createRequireForm({ isOwnForm }: Pick<Sessions, 'isOwnForm'>) {
  return async (request: FastifyRequest): Promise<void> => {
    if (isReading(request.method)) return
    const { body } = request
    const inBody = typeof body === 'object' && body !== null && '_form' in body ? body._form : undefined
    const token = request.headers['x-form-token'] ?? inBody
    if (typeof token !== 'string' || !isOwnForm(sessionOf(request), token)) {
      throw new Refusal(403, 'Form too old', 'Load the page again and repeat what you did.')
    }
  }
}
