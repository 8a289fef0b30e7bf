import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'

import { configDefaults, defineConfig } from 'vitest/config'

import { findRedisServer } from './scripts/redis.ts'
import { LongestFirst } from './test/support/longest-first.ts'

const redis = 'test/support/redis-setup.ts'
const stack = 'test/support/stack-setup.ts'
/** Pages that can be looked at without the other services. */
const pagesOfServices = 'services/*/test/**/*.test.ts'

/** Each limit is there to end what hangs, never to measure: on a busy machine a test waits as long as it takes. */
const patience = {
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
  // Continuous integration shares its processors with others, and the Redis in memory is slow when many ask it at once:
  // what fails there is tried again, and vitest says so.
  retry: process.env['CI'] || !(process.env['REDIS_URL'] || findRedisServer()) ? 2 : 0,
}

/** Pages that lead from one service to the other: what the rest shows is the same wherever the services run. */
const pagesAcross = /^test\/pages\/(alert-link|conversations|queues|signup)\.test\.ts$/

/** Against a stack that runs already (SWITCHBOARD_E2E_INGRESS), other pages would show nothing new. */
function pagesSeenBefore(): string[] {
  if (!process.env['SWITCHBOARD_E2E_INGRESS']) return []
  const pages = globSync(['test/pages/**/*.test.ts', pagesOfServices], { cwd: import.meta.dirname })
  return pages.filter((file) => !pagesAcross.test(file))
}

/** A suite that takes minutes and that .ci/run runs with a limit of its own. What mostly waits can do so two at a time. */
function slow(
  name: string,
  groupOrder: number,
  globalSetup: string[],
  { maxWorkers = 1, include = [`test/${name}/**/*.test.ts`], isolate = true } = {},
) {
  const exclude = [...configDefaults.exclude, ...pagesSeenBefore()]
  return { test: { ...patience, name, include, exclude, globalSetup, maxWorkers, isolate, sequence: { groupOrder } } }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // One after the other (groupOrder): what waits for real time shall not wait for a processor as well.
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{packages,services}/*/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'test/*.test.ts',
            'test/bench/*.test.ts',
          ],
          ...patience,
          // Nothing here changes what its file imports: loading the modules once is three quarters of the work.
          isolate: false,
          maxWorkers: availableParallelism(),
        },
      },
      {
        test: {
          ...patience,
          name: 'integration',
          // As in the unit tests: a worker for each file would be half of the work. Each has a database of its own.
          isolate: false,
          include: ['test/integration/**/*.test.ts'],
          globalSetup: [redis],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...patience,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: [redis, stack],
          isolate: false,
          // They wait most of their time; the stack is one, and each has people of its own on it.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      // Needs the stack of docker compose, see .ci/run. Waits most of its time: beside the end-to-end tests.
      {
        test: {
          ...patience,
          name: 'compose',
          include: ['test/compose/**/*.test.ts'],
          globalSetup: ['test/support/given-stack.ts'],
          isolate: false,
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      slow('stacks', 3, [redis], { maxWorkers: 2 }),
      slow('chaos', 4, [redis], { maxWorkers: 2 }),
      // Two at a time: whoever uses up what all share has a stack or a console of its own.
      slow('security', 5, [redis, stack], { maxWorkers: 2 }),
      slow('fuzz', 6, [], { maxWorkers: 2 }),
      slow('upgrade', 7, [redis]),
      // One browser per worker: launching it is more work than most of these files have for it.
      slow('pages', 8, [redis, stack], {
        maxWorkers: 2,
        include: ['test/pages/**/*.test.ts', pagesOfServices],
        isolate: false,
      }),
    ],
  },
})
