import type { AddCommand } from '../cli.ts'
import { watchAlert, watchExitCodes, watchExitHelp } from '../watch-alert.ts'

export const addWatch: AddCommand = (program, getCli) =>
  program
    .command('watch')
    .description('Show the walk of an alert until it ends')
    .argument('<alert>', 'its code or id')
    .addHelpText('after', watchExitHelp)
    .action(async (alert) => {
      const cli = getCli()
      const view = await watchAlert(alert, cli)
      cli.terminal.answer(view)
      cli.exitWith(watchExitCodes[view.state])
    })
