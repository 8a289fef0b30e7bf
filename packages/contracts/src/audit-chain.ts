import { createHash } from 'node:crypto'

import type { AuditEntry, ChainedEntry, ChainLink } from './audit-entry.ts'

/** What the first entry of all follows. */
export const CHAIN_BEGINNING: ChainLink = { seq: 0, hash: '' }

/** Puts an entry behind another one. */
export function chainEntry(previous: ChainLink, entry: AuditEntry): ChainedEntry {
  const placed = { ...entry, seq: previous.seq + 1 }
  return { ...placed, hash: hashOf(previous.hash, placed) }
}

/** The SHA-256 of the hash before, a line feed, and the entry without its own hash: JSON, its members by name. */
function hashOf(previous: string, entry: object): string {
  const members = Object.entries(entry).filter(([name, value]) => name !== 'hash' && value !== undefined)
  const canonical = JSON.stringify(Object.fromEntries(members.toSorted(([a], [b]) => (a < b ? -1 : 1))))
  return createHash('sha256').update(`${previous}\n${canonical}`).digest('hex')
}

export type ChainCheck =
  | { kind: 'whole'; head: ChainLink }
  /** The first entry that is not as it was written. */
  | { kind: 'broken'; seq: number; fault: 'changed' | 'removed' | 'added'; why: string }

/** What is wrong with entries that follow an anchor, in order; the last one must be the head. */
export function checkChain(anchor: ChainLink, entries: Iterable<ChainedEntry>, head: ChainLink): ChainCheck {
  let last = anchor
  for (const entry of entries) {
    const fault = faultOf(last, entry, head)
    if (fault) return fault
    last = entry
  }
  if (last.seq < head.seq) return removed(last.seq + 1)
  if (last.hash === head.hash) return { kind: 'whole', head: { seq: last.seq, hash: last.hash } }
  return { kind: 'broken', seq: last.seq, fault: 'changed', why: 'its hash is not the one that was noted as the last' }
}

function faultOf(last: ChainLink, entry: ChainedEntry, head: ChainLink): ChainCheck | undefined {
  const { seq, hash } = entry
  if (seq > head.seq) return { kind: 'broken', seq, fault: 'added', why: 'it comes after the last one' }
  if (seq <= last.seq) return { kind: 'broken', seq, fault: 'added', why: 'its place is taken' }
  if (seq > last.seq + 1) return removed(last.seq + 1)
  if (hash === hashOf(last.hash, entry)) return undefined
  const why = 'its hash says something else: it was changed, or the one before it together with its hash'
  return { kind: 'broken', seq, fault: 'changed', why }
}

function removed(seq: number): ChainCheck {
  return { kind: 'broken', seq, fault: 'removed', why: 'it is not there' }
}
