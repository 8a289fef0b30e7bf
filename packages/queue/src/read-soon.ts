import { setTimeout as wait } from 'node:timers/promises'

const TRIES = 20
const PAUSE_MS = 50

/**
 * A record that a worker is about to write: a program that reads what it has just asked for should find it. Undefined
 * when there is none and none is to come, or when it takes longer than a second.
 */
export async function readSoon<Found>(
  read: () => Promise<Found | undefined>,
  isToCome: () => Promise<boolean>,
): Promise<Found | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await read()
    if (found !== undefined) return found
    // It may have been written between the two questions.
    if (!(await isToCome())) return read()
    await wait(PAUSE_MS)
  }
  return undefined
}
