import { randomBytes } from 'node:crypto'

import type { TestProject } from 'vitest/node'

import { readGivenStack } from './given-stack.ts'
import { startTestStack } from './test-stack.ts'

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
