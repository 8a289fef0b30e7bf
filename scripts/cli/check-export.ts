import { open } from 'node:fs/promises'

import { chainedEntry, chainLink, checkChain } from '@switchboard/contracts'
import type { ChainedEntry } from '@switchboard/contracts'
import { z } from 'zod'

import { CommandError } from './command-error.ts'

const WAY_OUT = 'Export it as JSONL from the page "Audit trail".'
const ends = z.object({ anchor: chainLink, head: chainLink })

/** Whether an exported audit trail is whole. Throws a CommandError that names the line when the file is none. */
export async function checkExport(file: string) {
  const { ends: found, entries } = await readExport(file)
  return { check: checkChain(found.anchor, entries, found.head), count: entries.length }
}

async function readExport(file: string): Promise<{ ends: z.infer<typeof ends>; entries: ChainedEntry[] }> {
  await using opened = await open(file).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  let found: z.infer<typeof ends> | undefined
  const entries: ChainedEntry[] = []
  let number = 0
  for await (const line of opened.readLines()) {
    number += 1
    try {
      if (found) entries.push(chainedEntry.parse(JSON.parse(line)))
      else found = ends.parse(JSON.parse(line))
    } catch {
      throw new CommandError(`${file} is not an export of the audit trail, at line ${number}. ${WAY_OUT}`)
    }
  }
  if (!found) throw new CommandError(`${file} is empty. ${WAY_OUT}`)
  return { ends: found, entries }
}
