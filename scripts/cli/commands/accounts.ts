import { Argument, Option } from '@commander-js/extra-typings'
import { roles } from '@switchboard/contracts/role'

import type { ManageRequest } from '../../../services/console/src/accounts/manage.ts'
import type { AddCommand, Cli } from '../cli.ts'
import { CommandError } from '../command-error.ts'

const help = `
It works on Redis, as the services do, and needs no login: for who is locked out. Where Switchboard does not run in this folder,
give it REDIS_URL and VONAGE_APPLICATION_ID; in docker compose:
  docker compose exec console node services/console/src/accounts/main.ts reset ada`

const endsSessions = '\nEnds all sessions of the account at once.'

export const addAccounts: AddCommand = (program, getCli) => {
  const accounts = program
    .command('accounts')
    .description('Manage who may log in to the console under a name of their own')
    .addHelpText('after', help)
  const perform = (request: ManageRequest) => tell(getCli(), request)

  accounts
    .command('list')
    .description('Show who may log in, and what they may do')
    .action(() => perform({ act: 'list' }))
  accounts
    .command('create')
    .description('Create an account, and show its password this once')
    .argument('<name>')
    .addOption(new Option('-r, --role <role>', 'what it may do').choices(roles).makeOptionMandatory())
    .action((name, { role }) => perform({ act: 'create', name, role }))
  accounts
    .command('role')
    .description('Give an account another role')
    .argument('<name>')
    .addArgument(new Argument('<role>').choices(roles))
    .addHelpText('after', endsSessions)
    .action((name, role) => perform({ act: 'role', name, role }))
  accounts
    .command('reset')
    .description('Give an account a new password and no second factor, and show it this once')
    .argument('<name>')
    .addHelpText('after', endsSessions)
    .action((name) => perform({ act: 'reset', name }))
  accounts
    .command('disable')
    .description('Keep an account out')
    .argument('<name>')
    .addHelpText('after', endsSessions)
    .action((name) => perform({ act: 'disable', name }))
  accounts
    .command('enable')
    .description('Let an account in again')
    .argument('<name>')
    .action((name) => perform({ act: 'enable', name }))
  return accounts
}

async function tell({ terminal, environment }: Cli, request: ManageRequest): Promise<void> {
  // Loaded only now: all that speaks to Redis would make every command slow.
  const { manage } = await import('../manage-accounts.ts')
  const { isDone, lines, answer } = await manage(environment, request)
  if (!isDone) throw new CommandError(lines.join('\n'))
  for (const line of lines) terminal.say(line)
  terminal.answer(answer)
}
