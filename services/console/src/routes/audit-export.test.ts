import { CHAIN_BEGINNING, chainedEntry, chainEntry, chainLink, checkChain } from '@switchboard/contracts'
import type { ChainedEntry } from '@switchboard/contracts'
import { expect, it } from 'vitest'
import { z } from 'zod'

import { linesOf } from './audit-export.ts'

/** A trail to which somebody adds an entry whenever it is asked something. */
function growing(length: number) {
  const chain: ChainedEntry[] = []
  const grow = () => {
    const at = chain.length + 1
    const deed = { kind: 'account', who: 'Ada', via: 'console', action: 'login', target: 'admin' } as const
    chain.push(chainEntry(chain.at(-1) ?? CHAIN_BEGINNING, { id: `id-${at}`, at, ...deed }))
  }
  for (let count = 0; count < length; count += 1) grow()
  return {
    async ends() {
      grow()
      return { anchor: CHAIN_BEGINNING, head: chainLink.parse(chain.at(-1)) }
    },
    async read(from: number, to: number) {
      grow()
      return chain.slice(from - 1, to)
    },
  }
}

it('is whole by itself, whatever is written while it is read', async () => {
  const lines: unknown[] = []
  for await (const line of linesOf(growing(450))) lines.push(JSON.parse(line))
  const { anchor, head } = z.object({ anchor: chainLink, head: chainLink }).parse(lines[0])
  const entries = lines.slice(1).map((line) => chainedEntry.parse(line))
  expect(entries).toHaveLength(451)
  expect(checkChain(anchor, entries, head)).toEqual({ kind: 'whole', head })
})
