import { randomBytes } from 'node:crypto'

import type { TestProject } from 'vitest/node'

import { startTestStack } from './test-stack.ts'
import type { StackAddresses } from './test-stack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackAddresses
  }
}

/** The whole of Switchboard for the end-to-end tests: one that runs already (compose), else one of our own. */
export async function setup(project: TestProject): Promise<(() => PromiseLike<void>) | undefined> {
  const given = readGivenStack(process.env)
  if (given) {
    console.log(`End-to-end tests against the stack at ${given.ingress}`)
    project.provide('stack', given)
    return undefined
  }
  const stack = await startTestStack({
    redisServerUrl: project.getProvidedContext().redisUrl,
    logFile: `.vitest/e2e-${randomBytes(3).toString('hex')}.log`,
  })
  console.log(`End-to-end tests against a stack of their own; its log: ${stack.logFile}`)
  project.provide('stack', stack.addresses)
  return () => stack[Symbol.asyncDispose]()
}

function readGivenStack(env: NodeJS.ProcessEnv): StackAddresses | undefined {
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
