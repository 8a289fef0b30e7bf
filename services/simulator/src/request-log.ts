export interface Attempt {
  at: string
  status: number | null
  error?: string
  tookMs: number
  answer?: string
}

/** One line of "what Vonage did": a request it received or a webhook it sent, with everything that came of it. */
export interface LogEntry {
  id: number
  at: string
  kind: 'request' | 'webhook' | 'socket'
  method: string
  url: string
  headers: Record<string, string>
  body: string
  /** Whether a request's credentials held, or how a webhook was signed. */
  verdict: string
  isVerified: boolean
  faults: string[]
  /** The messages or the call that this was about. */
  about: string[]
  status: number | null
  answer: string
  attempts: Attempt[]
  state: 'open' | 'done' | 'retrying' | 'given-up'
  nextAttemptAt?: string
}

export interface RequestLog {
  add(entry: Omit<LogEntry, 'id' | 'at'>): LogEntry
  /** To be called after an entry was changed. */
  changed(entry: LogEntry): void
  list(filter?: { about?: string | undefined; after?: number | undefined; limit?: number | undefined }): LogEntry[]
  get(id: number): LogEntry | null
  reset(): void
}

const KEPT = 3_000

export function createRequestLog(changed: (entry: LogEntry) => void): RequestLog {
  let entries: LogEntry[] = []
  let count = 0
  return {
    add(entry) {
      count += 1
      const added = { ...entry, id: count, at: new Date().toISOString() }
      entries.push(added)
      if (entries.length > KEPT * 1.5) entries = entries.slice(-KEPT)
      changed(added)
      return added
    },
    changed,
    list({ about, after = 0, limit = KEPT } = {}) {
      return entries
        .filter((entry) => entry.id > after && (about === undefined || entry.about.includes(about)))
        .slice(-limit)
    },
    get: (id) => entries.find((entry) => entry.id === id) ?? null,
    reset() {
      entries = []
    },
  }
}
