import { open } from 'node:fs/promises'

import { chainedEntry, chainLink, checkChain } from '@switchboard/contracts'
import type { ChainedEntry } from '@switchboard/contracts'
import { z } from 'zod'

import type { AddCommand } from '../cli.ts'
import { CommandError } from '../command-error.ts'

const help = `
The file is what the console's page "Audit trail" exports as JSONL. Compare the hash it prints with one that you noted
elsewhere, or with the log of the console (audit.written): whoever can write Redis can write the whole trail anew.

Exit status: 0 whole, 1 not whole, or not a trail.`

export const addAudit: AddCommand = (program, getCli) => {
  const audit = program.command('audit').description('Check an exported audit trail')
  audit
    .command('verify')
    .description('Find out whether an entry was changed, removed or added')
    .argument('<file>', 'the export (JSONL)')
    .addHelpText('after', help)
    .action(async (file) => {
      const cli = getCli()
      const { ends, entries } = await readExport(file)
      const check = checkChain(ends.anchor, entries, ends.head)
      cli.terminal.answer({ ...check, entries: entries.length })
      if (check.kind === 'whole') {
        cli.terminal.say(`Whole: ${entries.length} entries. Number ${check.head.seq} has the hash ${check.head.hash}`)
        return
      }
      cli.terminal.say(`Not whole: entry ${check.seq} was ${check.fault}: ${check.why}.`)
      cli.exitWith(1)
    })
  return audit
}

const ends = z.object({ anchor: chainLink, head: chainLink })

/** Throws a CommandError that names the line. */
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

const WAY_OUT = 'Export it as JSONL from the page "Audit trail".'
