/** What the application sent and the caller has not heard yet: about a minute at most. */
export interface PlayOut {
  push(frame: Buffer): void
  /** Called back when everything queued before has been played. */
  mark(played: () => void): void
  clear(): void
  /** The next 20 ms, or null: silence. */
  next(): Buffer | null
  summary(): { queued: number; overflowed: number; played: number }
}

const LONGEST_QUEUE = 3_072

export function createPlayOut(limit = LONGEST_QUEUE): PlayOut {
  let queue: (Buffer | (() => void))[] = []
  let queued = 0
  let overflowed = 0
  let played = 0
  const runMarks = () => {
    for (let first = queue[0]; typeof first === 'function'; first = queue[0]) {
      queue.shift()
      first()
    }
  }
  return {
    push(frame) {
      // Whether Vonage drops or closes on overflow is not known; dropping shows as silence.
      if (queued >= limit) {
        overflowed += 1
        return
      }
      queue.push(frame)
      queued += 1
    },
    mark(done) {
      queue.push(done)
      runMarks()
    },
    clear() {
      queue = queue.filter((item) => typeof item === 'function')
      queued = 0
      runMarks()
    },
    next() {
      const item = queue.shift()
      if (!Buffer.isBuffer(item)) return null
      queued -= 1
      played += 1
      runMarks()
      return item
    },
    summary: () => ({ queued, overflowed, played }),
  }
}
