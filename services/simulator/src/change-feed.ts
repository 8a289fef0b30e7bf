/** What changed since the last flush, by kind and then by id: a message that changed thrice is sent once. */
export interface ChangeFeed {
  publish(kind: string, id: string | number, value: () => unknown): void
  subscribe(write: (batch: string) => void): () => void
  close(): void
}

/** Of one kind; what was crowded out was out of sight anyway. */
const LARGEST_BATCH = 400

/** Flushes at most every `everyMs`; with nobody listening nothing is kept. */
export function createChangeFeed(everyMs = 100): ChangeFeed {
  const listeners = new Set<(batch: string) => void>()
  const pending = new Map<string, Map<string | number, () => unknown>>()
  let timer: NodeJS.Timeout | undefined

  const flush = () => {
    timer = undefined
    const batch = Object.fromEntries(
      [...pending].map(([kind, values]) => [kind, [...values.values()].slice(-LARGEST_BATCH).map((read) => read())]),
    )
    pending.clear()
    const text = JSON.stringify(batch)
    for (const write of listeners) write(text)
  }
  return {
    publish(kind, id, value) {
      if (listeners.size === 0) return
      const values = pending.get(kind) ?? new Map<string | number, () => unknown>()
      pending.set(kind, values)
      values.set(id, value)
      timer ??= setTimeout(flush, everyMs)
    },
    subscribe(write) {
      listeners.add(write)
      return () => listeners.delete(write)
    },
    close() {
      clearTimeout(timer)
      listeners.clear()
    },
  }
}
