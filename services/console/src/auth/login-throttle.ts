import { createFailureThrottle } from '@switchboard/runtime'
import type { FailureThrottle } from '@switchboard/runtime'

export const LOGIN_WINDOW_MS = 300_000
/** All addresses together may fail so many times as often as one. */
const ALL_ADDRESSES = 10
/** Whoever types more names than this guesses, and all of them are stopped together long before. */
const MAX_NAMES = 10_000

export interface LoginThrottle {
  isOver(name: string): boolean
  count(name: string): void
}

/** Failures to log in: of each name, whether there is such an account or not, and of all together. */
export function createLoginThrottle({ max, now }: { max: number; now: () => number }): LoginThrottle {
  const all = createFailureThrottle({ max: max * ALL_ADDRESSES, windowMs: LOGIN_WINDOW_MS, now })
  const ofName = new Map<string, FailureThrottle>()
  return {
    isOver: (name) => all.isOver() || ofName.get(plain(name))?.isOver() === true,
    count(name) {
      all.count()
      // Without a name it is one of the shared passwords, which everybody tries.
      if (plain(name) === '') return
      const own = ofName.get(plain(name)) ?? createFailureThrottle({ max, windowMs: LOGIN_WINDOW_MS, now })
      own.count()
      if (ofName.size >= MAX_NAMES) ofName.clear()
      ofName.set(plain(name), own)
    },
  }
}

function plain(name: string): string {
  return name.trim().toLowerCase()
}
