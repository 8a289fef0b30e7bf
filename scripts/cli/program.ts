import { Command, CommanderError } from '@commander-js/extra-typings'
import type { CommandUnknownOpts } from '@commander-js/extra-typings'

import { createApi } from './api.ts'
import type { Cli } from './cli.ts'
import { CommandError } from './command-error.ts'
import { COMMAND } from './command-name.ts'
import { commands } from './commands.ts'
import { readToken, readUrl } from './environment.ts'
import type { Environment } from './environment.ts'
import type { Terminal } from './terminal.ts'

const afterHelp = `
Exit status: 0 done, 1 not done (the last line says why, with the way out), 130 after Ctrl-C; "watch" and "alert" have
two more. With --json, stdout is one JSON document, errors as problem+json; npm's own lines go away with -s:
  npm run -s switchboard -- alerts --json

Any alert may be named by its code, such as A7.`

export interface Surroundings {
  environment: Environment
  terminal: Terminal
  version: string
}

/** Runs one command line, given without `node` and the script. Resolves to the exit status. */
export async function runProgram(words: string[], surroundings: Surroundings): Promise<number> {
  const { environment, terminal, version } = surroundings
  let status = 0
  let help = ''
  const print = (text: string) => void (help += text)
  const program = createProgram(version, print, (url, token) => ({
    terminal,
    environment,
    api: createApi(url ?? readUrl(environment), token ?? readToken(environment)),
    exitWith: (code) => void (status = code),
  }))
  try {
    await program.parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      terminal.say(help.trimEnd())
      terminal.answer({ text: help.trimEnd() })
      return 0
    }
    const failure = error instanceof CommanderError ? notUnderstood(error, words) : error
    if (!(failure instanceof CommandError)) throw failure
    terminal.fail(failure.message, failure.problem)
    return 1
  }
}

function createProgram(version: string, print: (text: string) => void, open: (url?: string, token?: string) => Cli) {
  const program = new Command()
    .name(COMMAND)
    .description('Talks to a running Switchboard.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this; after a command, what that one takes')
    .helpCommand('help [command]', 'print what a command takes')
    .option('--json', 'print one JSON document and nothing else')
    .option('--url <url>', 'where ingress is (default: SWITCHBOARD_URL, else the one npm start runs)')
    .option('--token <token>', 'a token of its API (default: the one npm start made)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', afterHelp)
    .exitOverride()
    // Errors are printed once, by runProgram.
    .configureOutput({ writeOut: print, writeErr: () => undefined })
  const getCli = () => {
    const { url, token } = program.opts()
    return open(url, token)
  }
  for (const add of commands) add(program, getCli)
  return program satisfies CommandUnknownOpts
}

/** What commander says, such as "error: unknown command 'wach'\n(Did you mean watch?)", as a sentence with the way out. */
function notUnderstood({ code, message }: CommanderError, words: string[]): CommandError {
  const command = words.find((word) => !word.startsWith('-') && word !== 'help')
  if (code === 'commander.help') return words.includes('help') ? noCommand(command) : noSubcommand(command)
  const [what = '', ...rest] = message.replace(/^error: /, '').split('\n')
  const isKnown = code !== 'commander.unknownCommand' && command !== undefined
  const hint = rest.map((line) => line.replace(/^\((.*)\)$/, '$1')).join(' ')
  const wayOut = hint || `See ${COMMAND} help${isKnown ? ` ${command}` : ''}`
  return new CommandError(toSentence(what, wayOut), { title: 'Not understood' })
}

function noCommand(asked: string | undefined): CommandError {
  const what = asked === undefined ? 'Give a command' : `There is no command '${asked}'`
  return new CommandError(toSentence(what, `See ${COMMAND} help`), { title: 'Not understood' })
}

function noSubcommand(group = ''): CommandError {
  return new CommandError(`${COMMAND} ${group} takes another word. See ${COMMAND} help ${group}.`, {
    title: 'Not understood',
  })
}

function toSentence(what: string, wayOut: string): string {
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}. ${wayOut}${wayOut.endsWith('?') ? '' : '.'}`.replace(
    '..',
    '.',
  )
}
