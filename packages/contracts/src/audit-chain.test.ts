import fc from 'fast-check'
import { expect, it } from 'vitest'

import { CHAIN_BEGINNING, chainEntry, checkChain } from './audit-chain.ts'
import type { AuditEntry, ChainedEntry, ChainLink } from './audit-entry.ts'

const entry = (id: string): AuditEntry => ({
  id,
  at: 1,
  kind: 'account',
  who: 'Ada',
  via: 'console',
  action: 'alert.cancel',
  target: 'alert-1',
})

function chainOf(length: number): { entries: ChainedEntry[]; head: ChainLink } {
  let head: ChainLink = CHAIN_BEGINNING
  const entries = Array.from({ length }, (_, index) => {
    const next = chainEntry(head, entry(`id-${index + 1}`))
    head = { seq: next.seq, hash: next.hash }
    return next
  })
  return { entries, head }
}

const check = (entries: ChainedEntry[], head: ChainLink) => checkChain(CHAIN_BEGINNING, entries, head)

it('a chain as it was written is whole, from any anchor on', () => {
  const { entries, head } = chainOf(5)
  expect(check(entries, head)).toEqual({ kind: 'whole', head })
  expect(checkChain(entries[1] ?? head, entries.slice(2), head)).toEqual({ kind: 'whole', head })
  expect(check([], CHAIN_BEGINNING)).toEqual({ kind: 'whole', head: CHAIN_BEGINNING })
})

it('every member that is changed, taken away or put in is named with its entry', () => {
  const { entries, head } = chainOf(6)
  const changes = [
    { who: 'Eve' },
    { at: 2 },
    { target: 'alert-2' },
    { detail: 'new' },
    { kind: 'token' as const },
    { other: 1 },
  ]
  for (const change of changes) {
    const forged = entries.map((each) => (each.seq === 3 ? { ...each, ...change } : each))
    expect(check(forged, head)).toMatchObject({ kind: 'broken', seq: 3, fault: 'changed' })
  }
})

it('entries that are missing, repeated, exchanged or behind the last one are named', () => {
  const { entries, head } = chainOf(6)
  const forged = chainEntry(head, entry('forged'))
  const [first, second, third, ...rest] = entries
  if (!first || !second || !third) throw new Error('too short')
  const rows: [ChainedEntry[], object][] = [
    [[second, third, ...rest], { seq: 1, fault: 'removed' }],
    [[first, third, ...rest], { seq: 2, fault: 'removed' }],
    [entries.slice(0, -1), { seq: 6, fault: 'removed' }],
    [[first, first, second, third, ...rest], { seq: 1, fault: 'added' }],
    [[...entries, forged], { seq: 7, fault: 'added' }],
    [[first, { ...third, seq: 2 }, { ...second, seq: 3 }, ...rest], { seq: 2, fault: 'changed' }],
  ]
  for (const [forgery, fault] of rows) expect(check(forgery, head)).toMatchObject({ kind: 'broken', ...fault })
})

it('one that was changed together with its own hash does not fit the next one, and a last one not the head', () => {
  const { entries, head } = chainOf(4)
  const [first, second] = entries
  if (!first || !second) throw new Error('too short')
  const forged = chainEntry(first, { ...entry('id-2'), who: 'Eve' })
  expect(check([first, forged, ...entries.slice(2)], head)).toMatchObject({ kind: 'broken', seq: 3, fault: 'changed' })
  const last = entries.at(-2)
  const forgedLast = last && chainEntry(last, { ...entry('id-4'), who: 'Eve' })
  expect(check([...entries.slice(0, 3), ...(forgedLast ? [forgedLast] : [])], head)).toMatchObject({ seq: 4 })
})

it('no random change of one member passes', () => {
  const { entries, head } = chainOf(8)
  const members = fc.constantFrom('who', 'target', 'action', 'detail', 'id', 'hash')
  fc.assert(
    fc.property(fc.nat(7), members, fc.string(), (index, member, value) => {
      const forged = entries.map((each, place) => (place === index ? { ...each, [member]: value } : each))
      fc.pre(Object.entries(entries[index] ?? {}).find(([name]) => name === member)?.[1] !== value)
      expect(check(forged, head).kind).toBe('broken')
    }),
  )
})
