import { globSync, readFileSync } from 'node:fs'

import { configDefaults, defineConfig } from 'vitest/config'

/**
 * Against a stack that runs already (SWITCHBOARD_E2E_INGRESS), files that start one of their own would show nothing
 * new: `npm test` has run them.
 */
function withOwnStack(): string[] {
  if (!process.env['SWITCHBOARD_E2E_INGRESS']) return []
  const files = globSync('test/e2e/**/*.test.ts', { cwd: import.meta.dirname })
  return files.filter((file) =>
    readFileSync(`${import.meta.dirname}/${file}`, 'utf8').match(/startTestStack|startFrontDoor/),
  )
}

export default defineConfig({
  test: {
    // One after the other (groupOrder): what waits for real time shall not wait for a processor as well.
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,services}/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/*.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/redis-setup.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['services/*/test/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...withOwnStack()],
          globalSetup: ['test/support/redis-setup.ts', 'test/support/stack-setup.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 2 },
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      // Needs the stack of docker compose, see .ci/run. Waits most of its time: beside the end-to-end tests.
      {
        test: {
          name: 'compose',
          include: ['test/compose/**/*.test.ts'],
          globalSetup: ['test/support/given-stack.ts'],
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          globalSetup: ['test/support/redis-setup.ts'],
          testTimeout: 120_000,
          sequence: { groupOrder: 3 },
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
