import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import { startStack } from '../../scripts/stack.ts'
import type { Stack } from '../../scripts/stack.ts'
import { claimDatabase } from './test-database.ts'

const root = resolve(import.meta.dirname, '..', '..')

export interface StackAddresses {
  /** `own`: processes of this run, which a test may look into; `given`: somewhere else, such as compose. */
  kind: 'own' | 'given'
  ingress: string
  simulator: string
  echo: string
  console: string
  apiToken: string
  consolePassword: string
  consoleViewerPassword: string
}

export interface TestStackOptions {
  /** A server on which a database is claimed; or `redisUrl`: a database to use as it is. */
  redisServerUrl?: string
  redisUrl?: string
  logFile?: string
  /** Added to the environment of every process. */
  env?: Record<string, string>
}

export interface TestStack extends AsyncDisposable {
  readonly addresses: StackAddresses
  /** The processes, to be killed by tests that do that. */
  readonly processes: Stack['processes']
  readonly healthPorts: Stack['healthPorts']
  /** What they all get, for another one of them. */
  readonly environment: Stack['environment']
  /** The names of those that have ended by now. */
  ended(): string[]
  /** Where secrets and the simulator's credentials are: `.data` of `npm start`. */
  readonly dataFolder: string
  readonly logFile: string
}

/** Every service on ports of its own, with keys and secrets in a folder of its own. */
export async function startTestStack(options: TestStackOptions): Promise<TestStack> {
  await using cleanup = new AsyncDisposableStack()
  const dataFolder = mkdtempSync(join(tmpdir(), 'switchboard-stack-'))
  cleanup.defer(() => rmSync(dataFolder, { recursive: true, force: true }))
  const logFile = resolve(root, options.logFile ?? join(dataFolder, 'services.log'))
  mkdirSync(dirname(logFile), { recursive: true })
  const log = createWriteStream(logFile)
  cleanup.defer(() => new Promise<void>((done) => void log.end(() => done())))

  const redisUrl = options.redisUrl ?? (await claim(options.redisServerUrl, cleanup))
  const stack = cleanup.use(
    await startStack({
      env: testEnvironment(options.env),
      dataFolder,
      redisUrl,
      onLine: (_service, line) => void log.write(`${line}\n`),
    }),
  )
  const ended: string[] = []
  for (const started of stack.processes.values()) void started.ended.then(({ name }) => ended.push(name))
  const running = cleanup.move()
  return {
    addresses: {
      kind: 'own',
      ingress: stack.urls.ingress ?? '',
      simulator: stack.urls.simulator ?? '',
      echo: stack.urls.echo ?? '',
      console: stack.urls.console ?? '',
      ...secrets,
    },
    processes: stack.processes,
    healthPorts: stack.healthPorts,
    environment: stack.environment,
    ended: () => ended,
    dataFolder,
    logFile,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

const secrets = {
  apiToken: 'test-token-of-the-api',
  consolePassword: 'test-password',
  consoleViewerPassword: 'viewer-password',
}

/** Nothing of what the person running the tests has set: a test must not reach a real account. */
function testEnvironment(extra: Record<string, string> = {}) {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|TMPDIR|NODE_.*|LANG|SYSTEMROOT)$/i.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    INGRESS_PORT: '0',
    ECHO_PORT: '0',
    CONSOLE_PORT: '0',
    SIMULATOR_PORT: '0',
    API_TOKENS: secrets.apiToken,
    CONSOLE_PASSWORD: secrets.consolePassword,
    CONSOLE_VIEWER_PASSWORD: secrets.consoleViewerPassword,
    CONSOLE_LOGIN_ATTEMPTS: '1000',
    SWITCHBOARD_CONFIG: join(root, 'test', 'support', 'e2e.config.json'),
    ...extra,
  }
}

async function claim(serverUrl: string | undefined, cleanup: AsyncDisposableStack): Promise<string> {
  if (!serverUrl) throw new Error('A test stack needs redisServerUrl or redisUrl')
  return cleanup.use(await claimDatabase(serverUrl)).url
}
