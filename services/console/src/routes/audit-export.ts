import { csvRow } from '@switchboard/contracts'
import type { ChainedEntry } from '@switchboard/contracts'
import type { Audit, AuditEnds } from '@switchboard/store'

/** So many are read at once. */
const CHUNK = 200

type Trail = Pick<Audit, 'read' | 'ends'>

const columns = ['seq', 'at', 'kind', 'who', 'via', 'action', 'target', 'detail', 'id', 'hash'] as const

/** The whole trail as CSV, the oldest first. */
export async function* csvOf(audit: Trail): AsyncGenerator<string> {
  yield csvRow([...columns])
  for await (const entry of entriesOf(audit, await audit.ends())) {
    yield csvRow(columns.map((name) => (name === 'at' ? new Date(entry.at).toISOString() : (entry[name] ?? ''))))
  }
}

/**
 * The whole trail as lines of JSON. First what the oldest follows and what the last one is: all that is needed to check
 * them. What is written meanwhile is not part of it.
 */
export async function* linesOf(audit: Trail): AsyncGenerator<string> {
  const ends = await audit.ends()
  yield `${JSON.stringify(ends)}\n`
  for await (const entry of entriesOf(audit, ends)) yield `${JSON.stringify(entry)}\n`
}

async function* entriesOf({ read }: Trail, { anchor, head }: AuditEnds): AsyncGenerator<ChainedEntry> {
  for (let from = anchor.seq + 1; from <= head.seq; from += CHUNK) {
    yield* await read(from, Math.min(from + CHUNK - 1, head.seq))
  }
}
