import type { RetryPolicy } from '@switchboard/contracts'

/** Names the strategy below in a job's options: shorter than its numbers, which are the contract's. */
export const CONTRACT_BACKOFF = { type: 'own' }

/** Doubles the delay with every try and takes up to half of it away, so that what failed together does not come together. */
export function createBackoff({ firstDelayMs }: RetryPolicy, random: () => number = Math.random) {
  return (attemptsMade: number): number => {
    const delayMs = firstDelayMs * 2 ** (attemptsMade - 1)
    return Math.round(delayMs * (1 - random() / 2))
  }
}
