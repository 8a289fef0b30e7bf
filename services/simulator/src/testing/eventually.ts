import { expect } from 'vitest'

/** Asks until the answer fits: often, because it mostly fits at once, and patiently, because machines are busy. */
export function eventually<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { interval: 10, timeout: 30_000 })
}
