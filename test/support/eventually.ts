import { vi } from 'vitest'

/** How long anything is waited for. It ends what hangs, and says nothing of how fast something is: machines are busy. */
export const PATIENCE_MS = 60_000

/** Asks again until it no longer throws; the last error if it never does. */
export function eventually<Answer>(ask: () => Answer | Promise<Answer>, intervalMs = 60): Promise<Answer> {
  return vi.waitFor(ask, { timeout: PATIENCE_MS, interval: intervalMs })
}

/** For a claim in milliseconds: true of us if it is true once. Other times the machine was busy. */
export const inThreeTries = { retry: 2 } as const
