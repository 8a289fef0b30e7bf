import { createFailureThrottle } from '@switchboard/runtime'
import type { FailureThrottle } from '@switchboard/runtime'

import type { BrowserStanding } from './known-browsers.ts'

export const LOGIN_WINDOW_MS = 300_000
/** All addresses together may fail so many times as often as one. */
const ALL_ADDRESSES = 10
/** Whoever types more names than this guesses, and all of them are stopped together long before. */
const MAX_NAMES = 10_000

/** Somebody says that they are who they are not, perhaps. */
export type Guess =
  | { place: 'login'; name: string; browser: BrowserStanding }
  /** Somebody who is logged in, or sits at their desk. */
  | { place: 'session'; name: string }

export interface LoginThrottle {
  /** Whether it is looked at. It counts as a failure until it is forgiven: a thousand at once are a thousand. */
  begin(guess: Guess): boolean
  /** It was right, or nobody knows. */
  forgive(guess: Guess): void
}

/** Failures to log in: of each name, whether there is such an account or not, and of all together. */
export function createLoginThrottle({ max, now }: { max: number; now: () => number }): LoginThrottle {
  const all = createFailureThrottle({ max: max * ALL_ADDRESSES, windowMs: LOGIN_WINDOW_MS, now })
  const ofName = new Map<string, FailureThrottle>()

  function throttleOf({ place, name }: Guess): FailureThrottle | undefined {
    const plain = name.trim().toLowerCase()
    // Without a name it is one of the shared passwords, which everybody tries.
    if (plain === '') return undefined
    const key = `${place} ${plain}`
    const known = ofName.get(key)
    if (known) return known
    const own = createFailureThrottle({ max, windowMs: LOGIN_WINDOW_MS, now })
    if (ofName.size >= MAX_NAMES) ofName.clear()
    ofName.set(key, own)
    return own
  }

  function throttlesOf(guess: Guess): FailureThrottle[] {
    return [...(guess.place === 'login' ? [all] : []), throttleOf(guess) ?? []].flat()
  }

  /** Nobody is kept out by what others try. */
  function isKeptOut(guess: Guess): boolean {
    if (guess.place === 'login') {
      if (guess.browser === 'own') return false
      if (guess.browser === 'unknown' && all.isOver()) return true
    }
    return throttleOf(guess)?.isOver() === true
  }

  return {
    begin(guess) {
      if (isKeptOut(guess)) return false
      for (const throttle of throttlesOf(guess)) throttle.count()
      return true
    },
    forgive(guess) {
      for (const throttle of throttlesOf(guess)) throttle.forgive()
    },
  }
}
