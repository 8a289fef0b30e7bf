import type { AddCommand } from '../cli.ts'

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
      // Loaded only now: its schemas would make every command slow.
      const { checkExport } = await import('../check-export.ts')
      const { check, count } = await checkExport(file)
      cli.terminal.answer({ ...check, entries: count })
      if (check.kind === 'whole') {
        cli.terminal.say(`Whole: ${count} entries. Number ${check.head.seq} has the hash ${check.head.hash}`)
        return
      }
      cli.terminal.say(`Not whole: entry ${check.seq} was ${check.fault}: ${check.why}.`)
      cli.exitWith(1)
    })
  return audit
}
