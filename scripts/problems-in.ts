import { ConfigError, loadConfig } from '@switchboard/runtime'
import type { EnvironmentSchema } from '@switchboard/runtime'

import type { Environment } from './stack-environment.ts'

/** What is wrong with the part of an environment that a schema reads. */
export function problemsIn(schema: EnvironmentSchema<unknown>, env: Environment): string[] {
  try {
    loadConfig(schema, env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
