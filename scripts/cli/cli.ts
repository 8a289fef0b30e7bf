import type { Command, CommandUnknownOpts } from '@commander-js/extra-typings'

import type { Api } from './api.ts'
import type { Environment } from './environment.ts'
import type { Terminal } from './terminal.ts'

/** What every command has. */
export interface Cli {
  readonly terminal: Terminal
  /** The HTTP API, as the options --url and --token say. */
  readonly api: Api
  readonly environment: Environment
  /** What the program ends with; 0 if it is not called. */
  exitWith(status: number): void
}

/**
 * Adds one command to the program: one file in commands/ and one line in commands.ts. The options --json, --url and
 * --token are every command's.
 */
export type AddCommand = (program: Command, getCli: () => Cli) => CommandUnknownOpts
