import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { loadConfig } from '@switchboard/runtime'

import { findFreePort } from '../../scripts/ports.ts'
import { accountsEnvironment, manageAccounts } from '../../services/console/src/accounts/manage.ts'
import type { Managed, ManageRequest } from '../../services/console/src/accounts/manage.ts'
import { openTestRedis } from './redis.ts'
import type { TestRedis } from './redis.ts'
import { serviceEnvironment, startService } from './service.ts'

export interface ConsoleService extends AsyncDisposable {
  readonly url: string
  readonly password: string
  readonly redis: TestRedis
  /** What the service has. */
  readonly environment: NodeJS.ProcessEnv
  /** What `switchboard accounts …` does on its machine. */
  manage(request: ManageRequest): Promise<Managed>
}

/** The console alone on a Redis of its own, without the other services. */
export async function startConsoleService(
  extra: NodeJS.ProcessEnv = {},
  onLine?: (line: string) => void,
  config: object = {},
): Promise<ConsoleService> {
  await using cleanup = new AsyncDisposableStack()
  const redis = cleanup.use(await openTestRedis())
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-console-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  const port = await findFreePort()
  const environment = {
    ...serviceEnvironment({ redisUrl: redis.url, folder, config }),
    CONSOLE_PORT: String(port),
    CONSOLE_PASSWORD: 'password-of-the-tests',
    CONSOLE_LOGIN_ATTEMPTS: '1000',
    ...extra,
  }
  cleanup.use(await startService('console', environment, onLine))
  const running = cleanup.move()
  return {
    url: `http://127.0.0.1:${environment.CONSOLE_PORT}`,
    password: environment.CONSOLE_PASSWORD,
    redis,
    environment,
    manage: (request) => manageAccounts(loadConfig(accountsEnvironment, environment), request),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
