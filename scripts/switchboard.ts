import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { acknowledge, cancel, listAlerts, startAlert, watchAlert } from './cli/alert-commands.ts'
import { createApi } from './cli/api.ts'
import { CommandError } from './cli/command-error.ts'
import { readSecret } from './secrets.ts'

const help = `Talks to a running Switchboard.

  pnpm switchboard alert --config FILE --text TEXT    walk the users of a file: the Dispatch tutorial's config.json as it
                                                      is, or one with "users"; shows the walk until it ends
  pnpm switchboard alert --policy NAME --text TEXT    walk a policy of switchboard.config.json
  pnpm switchboard watch ID                           show the walk of an alert that is under way
  pnpm switchboard acknowledge ID [--by NAME]
  pnpm switchboard cancel ID
  pnpm switchboard alerts                             the open ones

Options:
  --detach     do not wait for the end of the walk
  --json       print what the API answers
  --url URL    where ingress is (SWITCHBOARD_URL, default http://127.0.0.1:9000 or INGRESS_PORT)
  --token T    one of its API_TOKENS (API_TOKENS, default the one npm start made)

Exit status: 0 attended, 2 exhausted, 3 cancelled, 1 anything else. Ctrl-C stops watching, never the walk.`

const root = resolve(import.meta.dirname, '..')

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof CommandError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function main(): Promise<number> {
  if (existsSync(resolve(root, '.env'))) process.loadEnvFile(resolve(root, '.env'))
  const { values, positionals } = readArguments()
  const [command, id = ''] = positionals
  if (values.help || command === undefined) {
    console.log(help)
    return values.help ? 0 : 1
  }
  const api = createApi(values.url ?? defaultUrl(), values.token ?? defaultToken())
  switch (command) {
    case 'alert':
      return startAlert(api, values)
    case 'watch':
      return watchAlert(api, requireId(id))
    case 'acknowledge':
      return acknowledge(api, requireId(id), values.by)
    case 'cancel':
      return cancel(api, requireId(id))
    case 'alerts':
      return listAlerts(api, values.json ?? false)
    default:
      throw new CommandError(`There is no command "${command}". See pnpm switchboard --help.`)
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        config: { type: 'string', short: 'c' },
        policy: { type: 'string', short: 'p' },
        text: { type: 'string', short: 't' },
        by: { type: 'string' },
        url: { type: 'string' },
        token: { type: 'string' },
        detach: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new CommandError(error instanceof Error ? `${error.message}\nSee pnpm switchboard --help.` : String(error))
  }
}

function requireId(id: string): string {
  if (id === '') throw new CommandError('Give the id of an alert.')
  return id
}

function defaultUrl(): string {
  return process.env['SWITCHBOARD_URL'] || `http://127.0.0.1:${process.env['INGRESS_PORT'] || 9_000}`
}

function defaultToken(): string {
  const [first] = (process.env['API_TOKENS'] ?? '').split(',')
  if (first) return first.trim()
  const file = resolve(root, process.env['SWITCHBOARD_DATA'] || '.data', 'secrets/api-tokens')
  return existsSync(file) ? readSecret(file) : ''
}
