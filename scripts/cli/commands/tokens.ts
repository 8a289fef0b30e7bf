import { scopes } from '@switchboard/contracts/scope'

import type { TokenView } from '../api.ts'
import type { AddCommand } from '../cli.ts'
import { CommandError } from '../command-error.ts'

const help = `
Scopes: ${scopes.join(', ')}.

The token is shown this once, and kept nowhere: who loses it revokes it and creates another one.`

export const addTokens: AddCommand = (program, getCli) => {
  const tokens = program.command('tokens').description('List, create and revoke the tokens of the API')
  tokens
    .command('list')
    .description('Show what each token may do, until when, and when it was used last')
    .action(async () => {
      const { api, terminal } = getCli()
      const { tokens: listed } = await api.listTokens()
      const width = Math.max(0, ...listed.map(({ name }) => name.length))
      for (const token of listed) terminal.say(toLine(token, width))
      if (listed.length === 0) terminal.say('There is none.')
      terminal.answer({ tokens: listed })
    })
  tokens
    .command('create')
    .description('Create a token, and show it this once')
    .argument('<name>', 'who uses it, such as deploy-pipeline')
    .requiredOption('-s, --scope <scope...>', 'what it may do')
    .option('-e, --expires <days>', 'for how many days it is good, or never', '365')
    .addHelpText('after', help)
    .action(async (name, { scope, expires }) => {
      const { api, terminal } = getCli()
      const wanted = scope.flatMap((each) => each.split(',')).filter(Boolean)
      const created = await api.createToken({ name, scopes: wanted, expiresInDays: readDays(expires) })
      terminal.hint(`Shown this once: ${toLine(created, 0)}`)
      terminal.say(created.token)
      terminal.answer(created)
    })
  tokens
    .command('revoke')
    .description('Make a token no good, at once')
    .argument('<name>')
    .action(async (name) => {
      const { api, terminal } = getCli()
      const revoked = await api.revokeToken(name)
      terminal.say(`${name} is ${revoked.state}.`)
      terminal.answer(revoked)
    })
  return tokens
}

function readDays(text: string): number | null {
  if (text === 'never') return null
  if (/^\d{1,4}$/.test(text) && Number(text) > 0) return Number(text)
  throw new CommandError(`--expires takes a number of days, or never. '${text}' is neither.`)
}

function toLine({ name, state, scopes: own, expiresAt, lastUsedAt }: TokenView, width: number): string {
  const until = expiresAt === null ? 'for ever' : `until ${day(expiresAt)}`
  const when = lastUsedAt === null ? 'never used' : `used ${lastUsedAt.slice(0, 16).replace('T', ' ')}Z`
  return [name.padEnd(width), state === 'valid' ? until : state, when, own?.join(', ') ?? 'everything'].join('  ')
}

function day(moment: string): string {
  return moment.slice(0, 10)
}
