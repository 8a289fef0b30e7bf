import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { CHAIN_BEGINNING, chainEntry } from '@switchboard/contracts'
import type { ChainedEntry } from '@switchboard/contracts'
import { afterAll, expect, it } from 'vitest'

import { runProgram } from '../program.ts'

const folder = mkdtempSync(join(tmpdir(), 'switchboard-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const chain: ChainedEntry[] = []
for (const id of ['one', 'two', 'three']) {
  const deed = { kind: 'account', who: 'Ada', via: 'console', action: 'login', target: 'admin' } as const
  chain.push(chainEntry(chain.at(-1) ?? CHAIN_BEGINNING, { id, at: 1, ...deed }))
}
const ends = { anchor: CHAIN_BEGINNING, head: { seq: 3, hash: chain.at(-1)?.hash ?? '' } }

function verify(lines: readonly unknown[]) {
  const file = join(folder, 'audit.jsonl')
  writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  return verifyFile(file)
}

async function verifyFile(file: string) {
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  const terminal = { say, hint: say, showStatus: () => undefined, answer: () => undefined, fail: say }
  const environment = { given: {}, running: undefined, dataFolder: '/nowhere' }
  const status = await runProgram(['audit', 'verify', file], { environment, terminal, version: '1.2.3' })
  return { status, said: said.join('\n') }
}

it('says that a trail is whole, and what its last hash is', async () => {
  const { status, said } = await verify([ends, ...chain])
  expect(status).toBe(0)
  expect(said).toBe(`Whole: 3 entries. Number 3 has the hash ${ends.head.hash}`)
})

const [one, two, three] = chain
it('says why a file cannot be read', async () => {
  const { status, said } = await verifyFile('/nowhere/x')
  expect({ status, said }).toEqual({ status: 1, said: expect.stringMatching(/^\/nowhere\/x cannot be read: ENOENT/) })
})

it.each<[string, unknown[], string]>([
  ['changed', [ends, one, { ...two, who: 'Eve' }, three], 'Not whole: entry 2 was changed'],
  ['removed', [ends, one, three], 'Not whole: entry 2 was removed'],
  ['added', [ends, one, two, two, three], 'Not whole: entry 2 was added'],
  ['cut short', [ends, one, two], 'Not whole: entry 3 was removed'],
  ['not a trail', ['seq,at'], 'is not an export of the audit trail, at line 1'],
  ['broken off', [ends, one, '{"seq":2,'], 'is not an export of the audit trail, at line 3'],
  ['nothing', [], 'is empty'],
])('%s: says which entry, and ends with 1', async (_, lines, sentence) => {
  const { status, said } = await verify(lines)
  expect({ status, said }).toEqual({ status: 1, said: expect.stringContaining(sentence) })
})
