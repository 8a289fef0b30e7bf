import { FRAME_MS } from './audio.ts'

/** More than this behind (a sleeping machine), the frames are skipped instead of sent in a burst. */
const LONGEST_LAG_MS = 1_000

/**
 * Calls back every 20 ms on average: each wait is computed from the start, so that delays of single timers do not add
 * up. Returns a function that stops it.
 */
export function startPacer(tick: () => void, now: () => number = () => performance.now()): () => void {
  let due = now() + FRAME_MS
  let timer: NodeJS.Timeout
  const run = () => {
    if (now() - due > LONGEST_LAG_MS) due = now()
    for (; due <= now(); due += FRAME_MS) tick()
    timer = setTimeout(run, Math.max(0, due - now()))
  }
  timer = setTimeout(run, FRAME_MS)
  return () => clearTimeout(timer)
}
