import { createSeldom } from '@switchboard/runtime'
import type { FastifyRequest } from 'fastify'

import { Refusal } from '../refusal.ts'
import type { Trail } from '../trail.ts'
import type { KnownBrowsers } from './known-browsers.ts'
import type { Guess, LoginThrottle } from './login-throttle.ts'

export interface RefuseLoginDeps {
  trail: Trail
  countFailure: () => void
  now: () => number
}

export type RefuseLogin = ReturnType<typeof createRefuseLogin>

/** Writes down that somebody was not let in, whichever way they came. `how`: what was not good, when it was no password. */
export function createRefuseLogin({ trail, countFailure, now }: RefuseLoginDeps) {
  const seldom = createSeldom(now)
  return async (request: FastifyRequest, how?: string): Promise<void> => {
    const { ip } = request
    countFailure()
    seldom((fields, event) => request.log.warn(fields, event), { ip, ...(how ? { how } : {}) }, 'login.refused')
    const detail = how ? { detail: how } : {}
    await trail.add({ at: now(), who: 'somebody', kind: 'somebody', action: 'login.refused', target: ip, ...detail })
  }
}

export const TOO_MANY = 'Too many tries'

/**
 * Looks at what somebody gives for the password or the code of a name. While others guess nobody gets in but from a browser that
 * has logged in before, and with the name that is guessed at nobody but from one that has logged in with it.
 */
export function lookAtLogin<Result>(
  request: FastifyRequest,
  name: string,
  { loginThrottle, knownBrowsers }: { loginThrottle: LoginThrottle; knownBrowsers: KnownBrowsers },
  { look, isWrong }: Look<Result>,
): Promise<Result> {
  const guess = { place: 'login', name, browser: knownBrowsers.standing(request, name) } as const
  return lookAt(guess, loginThrottle, { look, isWrong })
}

interface Look<Result> {
  look: () => Promise<Result>
  isWrong: (result: Result) => boolean
}

/** Throws a Refusal (429) where too many were wrong. */
export async function lookAt<Result>(
  guess: Guess,
  throttle: LoginThrottle,
  { look, isWrong }: Look<Result>,
): Promise<Result> {
  if (!throttle.begin(guess)) {
    const others = guess.place === 'login' ? ', or use a browser that has logged in before' : ''
    throw new Refusal(429, TOO_MANY, `Somebody guesses passwords. Wait five minutes${others}.`)
  }
  let wasWrong = false
  try {
    const result = await look()
    wasWrong = isWrong(result)
    return result
  } finally {
    if (!wasWrong) throttle.forgive(guess)
  }
}
