import type { RetryPolicy } from '@switchboard/contracts'

/** Names the strategy below in a job's options: shorter than its numbers, which are the contract's. */
export const CONTRACT_BACKOFF = { type: 'own' }

/** Who waits longer than that would still wait when what failed is long mended. */
const MAX_DELAY_MS = 60_000

/** Doubles the delay with every try and takes up to half of it away, so that what failed together does not come together. */
export function createBackoff({ firstDelayMs }: RetryPolicy, random: () => number = Math.random) {
  return (attemptsMade: number): number => {
    const delayMs = Math.min(firstDelayMs * 2 ** (attemptsMade - 1), MAX_DELAY_MS)
    return Math.round(delayMs * (1 - random() / 2))
  }
}
