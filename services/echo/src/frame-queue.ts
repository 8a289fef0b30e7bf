export interface WaitingFrame {
  frame: Buffer
  /** Milliseconds on the monotonic clock; 0 when nobody measures this one. */
  arrivedAt: number
}

/** Frames that wait for a peer to read, oldest first. Bounded: audio that is late is worth less than audio that is lost. */
export interface FrameQueue {
  readonly size: number
  /** False when the oldest frame had to go to make room. */
  push(frame: Buffer, arrivedAt: number): boolean
  shift(): WaitingFrame | undefined
  /** How many frames were thrown away. */
  clear(): number
}

export function createFrameQueue(capacity: number): FrameQueue {
  let waiting: WaitingFrame[] = []
  return {
    get size() {
      return waiting.length
    },
    push(frame, arrivedAt) {
      waiting.push({ frame, arrivedAt })
      if (waiting.length <= capacity) return true
      waiting.shift()
      return false
    },
    shift: () => waiting.shift(),
    clear() {
      const dropped = waiting.length
      waiting = []
      return dropped
    },
  }
}
