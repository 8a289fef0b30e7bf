import { readFileSync } from 'node:fs'

import { isSeedConfig, seedConfig } from '@switchboard/contracts'
import { formatPath } from '@switchboard/runtime'

import { CommandError } from './command-error.ts'

/** The users of a file as the API takes them: the tutorial's `config.json` is read as it is, anything else is passed on. */
export function readUsers(path: string): object {
  const json = readJson(path)
  if (!isSeedConfig(json)) return json
  const parsed = seedConfig.safeParse(json)
  if (parsed.success) return { users: parsed.data.users, senders: parsed.data.senders }
  const problems = parsed.error.issues.map((issue) => `  ${formatPath(issue.path)}: ${issue.message}`)
  throw new CommandError(`${path}:\n${problems.join('\n')}`)
}

function readJson(path: string): object {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  } catch (error) {
    throw new CommandError(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
  throw new CommandError(`${path} does not hold a JSON object.`)
}
