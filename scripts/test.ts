import { styleText } from 'node:util'

import { createVitest, parseCLI } from 'vitest/node'
import type { TestCase, Vitest } from 'vitest/node'

/** What runs unless the caller names projects: `npm test -- --project unit`. */
const usualProjects = ['unit', 'integration', 'e2e']

interface Outcome {
  passed: number
  failed: number
  /** What failed, each with the first line of its error. */
  failures: string[]
  /** Passed, but not at the first try, each with why. */
  retried: string[]
  skipped: TestCase[]
}

const outcome = await runTests(process.argv.slice(2))
printSkipped(outcome.skipped)
printList('Passed only when tried again:', outcome.retried)
printList('Failed:', outcome.failures)
const skippedPart = outcome.skipped.length > 0 ? `, ${outcome.skipped.length} skipped` : ''
// .ci/run adds these lines up: plain, alone on the line, the last one.
console.log(`\n${outcome.passed} passed, ${outcome.failed} failed${skippedPart}`)
process.exit(outcome.failed > 0 ? 1 : 0)

async function runTests(args: string[]): Promise<Outcome> {
  const { filter, options } = parseCLI(['vitest', 'run', ...args])
  const vitest = await createVitest({
    watch: false,
    project: usualProjects,
    passWithNoTests: filter.length === 0,
    ...options,
  })
  // Ends the run in order: what the set-ups have started, containers among it, is stopped.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Vitest's own handler exits at once.
    process.removeAllListeners(signal)
    process.on(signal, () => {
      process.exitCode = 1
      void vitest.cancelCurrentRun('keyboard-input')
    })
  }
  try {
    await vitest.start(filter)
  } catch (error) {
    // The default reporter has said so already when there is no such file.
    if (!isNoFileFound(error)) {
      process.exitCode = 1
      console.error(error)
    }
  } finally {
    await vitest.close()
  }
  return countTests(vitest)
}

function isNoFileFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'VITEST_FILES_NOT_FOUND'
}

function countTests(vitest: Vitest): Outcome {
  const modules = vitest.state.getTestModules()
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const withState = (state: string) => tests.filter((test) => test.result().state === state)
  // A file that cannot be loaded, or a hook that throws, fails without any of its tests failing.
  const failedTests = withState('failed')
  const otherFailures = modules.filter((module) => module.errors().length > 0)
  const unhandled = vitest.state.getUnhandledErrors()
  const failed = failedTests.length + otherFailures.length + unhandled.length
  return {
    passed: withState('passed').length,
    // Nor do a set-up that throws and a run that is broken off: they leave nothing behind but the exit code.
    failed: failed === 0 && process.exitCode ? 1 : failed,
    failures: [
      ...failedTests.map(nameAndReason),
      ...otherFailures.map((module) => `${module.relativeModuleId}: ${firstLine(module.errors()[0]?.message)}`),
      ...unhandled.map((error) => `outside any test: ${firstLine(String(error))}`),
    ],
    retried: withState('passed')
      .filter((test) => (test.diagnostic()?.retryCount ?? 0) > 0)
      .map(nameAndReason),
    skipped: withState('skipped'),
  }
}

function nameAndReason(test: TestCase): string {
  return `${nameOf(test)}: ${firstLine(test.result().errors?.[0]?.message)}`
}

function printSkipped(tests: TestCase[]): void {
  const byReason = Map.groupBy(tests, (test) => reasonOf(test) ?? 'no reason given')
  if (byReason.size > 0) console.log(styleText('yellow', '\nSkipped:'))
  for (const [reason, skipped] of byReason) {
    console.log(`  ${reason}`)
    for (const test of skipped) console.log(styleText('gray', `    ${nameOf(test)}`))
  }
}

/** .ci/run shows these once more in the end: two spaces before each line. */
function printList(title: string, lines: string[]): void {
  if (lines.length > 0) console.log(`\n${[title, ...lines.map((line) => `  ${line}`)].join('\n')}`)
}

function nameOf(test: TestCase): string {
  return `${test.project.name}: ${test.module.relativeModuleId} > ${test.fullName}`
}

function firstLine(message = ''): string {
  return message.split('\n', 1)[0] ?? ''
}

function reasonOf(test: TestCase): string | undefined {
  const result = test.result()
  return result.state === 'skipped' ? result.note : undefined
}
