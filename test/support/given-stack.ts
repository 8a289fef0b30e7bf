import type { TestProject } from 'vitest/node'

import type { StackAddresses } from './test-stack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackAddresses
  }
}

/** For tests that need the stack of docker compose: throws when none was named. */
export function setup(project: TestProject): void {
  const given = readGivenStack(process.env)
  if (!given) throw new Error('Set SWITCHBOARD_E2E_… to where docker compose runs, as .ci/run does')
  project.provide('stack', given)
}

/** The stack that SWITCHBOARD_E2E_… name, one that runs already. */
export function readGivenStack(env: NodeJS.ProcessEnv): StackAddresses | undefined {
  const ingress = env['SWITCHBOARD_E2E_INGRESS']
  if (!ingress) return undefined
  return {
    kind: 'given',
    ingress,
    simulator: env['SWITCHBOARD_E2E_SIMULATOR'] ?? 'http://127.0.0.1:9200',
    echo: env['SWITCHBOARD_E2E_ECHO'] ?? 'ws://127.0.0.1:3000',
    console: env['SWITCHBOARD_E2E_CONSOLE'] ?? 'http://127.0.0.1:9100',
    apiToken: env['SWITCHBOARD_E2E_API_TOKEN'] ?? '',
    consolePassword: env['SWITCHBOARD_E2E_CONSOLE_PASSWORD'] ?? '',
    consoleViewerPassword: env['SWITCHBOARD_E2E_CONSOLE_VIEWER_PASSWORD'] ?? '',
  }
}
