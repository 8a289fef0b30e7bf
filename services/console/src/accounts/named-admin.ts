import { may } from '@switchboard/contracts'
import type { Account } from '@switchboard/store'
import type { FastifyRequest } from 'fastify'

import { sessionOf } from '../auth/require-session.ts'

export interface NamedAdminDeps {
  /** A moment old at most. */
  readAccounts: () => Promise<Account[]>
}

const missing = new WeakSet<FastifyRequest>()

/** Whether the page says that every admin is nameless. */
export function lacksNamedAdmin(request: FastifyRequest): boolean {
  return missing.has(request)
}

/** Looks before each page of an admin whether there is one with an account. */
export function createNamedAdminLook({ readAccounts }: NamedAdminDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    if (request.method !== 'GET' || !may(sessionOf(request).role, 'admin')) return
    const accounts = await readAccounts().catch(() => undefined)
    if (accounts && !accounts.some(isNamedAdmin)) missing.add(request)
  }
}

function isNamedAdmin({ role, disabledAt }: Account): boolean {
  return role === 'admin' && disabledAt === undefined
}
