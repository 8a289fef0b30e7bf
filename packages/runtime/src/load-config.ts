import { readFileSync } from 'node:fs'

import type { z } from 'zod'

export type Environment = Record<string, string | undefined>

/** An object schema with one key per variable. */
export type EnvironmentSchema<Config> = z.ZodType<Config> & { shape: Readonly<Record<string, unknown>> }

/** The configuration cannot be used; `problems` lists everything that is wrong with it. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: string[]

  constructor(problems: string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    )
    this.problems = problems
  }
}

/**
 * Parses the environment. Every variable `X` may come from the file named in `X_FILE` instead; an empty value counts
 * as unset. Throws ConfigError naming every problem at once.
 */
export function loadConfig<Config>(schema: EnvironmentSchema<Config>, env: Environment): Config {
  const problems: string[] = []
  const values: Record<string, string> = {}
  for (const name of Object.keys(schema.shape)) {
    const value = env[name] || readValueFile(name, env, problems)
    if (value) values[name] = value
  }
  const parsed = schema.safeParse(values)
  if (parsed.success && problems.length === 0) return parsed.data
  const missing = new Set(problems.map((problem) => problem.split('_FILE')[0]))
  for (const issue of parsed.error?.issues ?? []) {
    if (!missing.has(String(issue.path[0]))) problems.push(describeIssue(issue, values))
  }
  throw new ConfigError(problems)
}

function readValueFile(name: string, env: Environment, problems: string[]): string | undefined {
  const path = env[`${name}_FILE`]
  if (!path) return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    problems.push(`${name}_FILE: cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

function describeIssue(issue: z.core.$ZodIssue, values: Record<string, string>): string {
  const [name, ...rest] = issue.path
  const isMissing = issue.code === 'invalid_type' && rest.length === 0 && values[String(name)] === undefined
  if (isMissing) return `${String(name)}: is required`
  return rest.length > 0 ? `${formatPath(rest)}: ${explainIssue(issue)}` : `${String(name)}: ${explainIssue(issue)}`
}

/** What is wrong, in the words of what is nested: zod's own for a key or a union only say that it is invalid. */
export function explainIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') return issue.issues.map(explainIssue).join('; ')
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return issue.errors.map((branch) => branch.map(explainIssue).join('; ')).join(', or ')
  }
  return issue.message
}

/** A path as people write it: `USERS[1].channels[0].expiry_time`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text ? `${text}.${String(key)}` : String(key)
  }, '')
}
