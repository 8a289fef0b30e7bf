import { createSeldom } from '@switchboard/runtime'
import type { FastifyRequest } from 'fastify'

import { Refusal } from '../refusal.ts'
import type { Trail } from '../trail.ts'
import type { KnownBrowsers } from './known-browsers.ts'
import type { LoginThrottle } from './login-throttle.ts'

export interface RefuseLoginDeps {
  loginThrottle: LoginThrottle
  trail: Trail
  countFailure: () => void
  now: () => number
}

export type RefuseLogin = ReturnType<typeof createRefuseLogin>

/** Writes down that somebody was not let in, whichever way they came. `how`: what was not good, when it was no password. */
export function createRefuseLogin({ loginThrottle, trail, countFailure, now }: RefuseLoginDeps) {
  const seldom = createSeldom(now)
  return async (request: FastifyRequest, name: string, how?: string): Promise<void> => {
    const { ip } = request
    loginThrottle.count(name)
    countFailure()
    seldom((fields, event) => request.log.warn(fields, event), { ip, ...(how ? { how } : {}) }, 'login.refused')
    const detail = how ? { detail: how } : {}
    await trail.add({ at: now(), who: 'somebody', kind: 'somebody', action: 'login.refused', target: ip, ...detail })
  }
}

export const TOO_MANY = 'Too many tries'

/** While somebody guesses nobody gets in but from a browser that has logged in before. */
export function requireNoGuessing(
  request: FastifyRequest,
  name: string,
  { loginThrottle, knownBrowsers }: { loginThrottle: LoginThrottle; knownBrowsers: KnownBrowsers },
): void {
  if (!loginThrottle.isOver(name) || knownBrowsers.read(request) !== undefined) return
  throw new Refusal(
    429,
    TOO_MANY,
    'Somebody guesses passwords. Wait five minutes, or use a browser that has logged in before.',
  )
}
