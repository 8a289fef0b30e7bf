import { styleText } from 'node:util'

import type { AddCommand } from '../cli.ts'
import { CommandError } from '../command-error.ts'
import { COMMAND } from '../command-name.ts'
import { watchAlert, watchExitCodes, watchExitHelp } from '../watch-alert.ts'

export const addAlert: AddCommand = (program, getCli) =>
  program
    .command('alert')
    .description('Start an alert and show its walk until it ends')
    .requiredOption('-t, --text <text>', 'what it says')
    .option('-p, --policy <name>', 'walk a policy of switchboard.config.json')
    .option(
      '-c, --config <file>',
      'walk the users of a file: the Dispatch tutorial\'s config.json, or one with "users"',
    )
    .option('--image <url>', 'a picture that comes with it')
    .option('--detach', 'do not wait for the end of the walk')
    .addHelpText('after', watchExitHelp)
    .action(async ({ text, policy, config, image, detach }) => {
      const cli = getCli()
      const { api, terminal } = cli
      if (text.trim() === '') throw new CommandError('--text is empty. What shall the alert say?')
      if ((config === undefined) === (policy === undefined)) {
        throw new CommandError(`Give either --policy or --config. See ${COMMAND} help alert.`)
      }
      const whom = config === undefined ? { policy } : await usersOf(config)
      const { id, warnings } = await api.start({
        ...whom,
        text,
        ...(image === undefined ? {} : { media: { type: 'image', url: image } }),
      })
      for (const { field, message } of warnings) terminal.hint(styleText('yellow', `${field}: ${message}`))
      terminal.say(`Alert ${id}`)
      if (detach) return terminal.answer({ id, warnings })
      const view = await watchAlert(id, cli)
      terminal.answer({ ...view, warnings })
      cli.exitWith(watchExitCodes[view.state])
    })

/** Loaded only now: the schemas of all that may be in such a file would make every command slow. */
async function usersOf(file: string): Promise<object> {
  const { readUsers } = await import('../read-users.ts')
  return readUsers(file)
}
