import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

import { findUnready } from '../../scripts/find-unready.ts'
import { startNodeProcess, untilReady } from '../../scripts/managed-process.ts'
import type { ManagedProcess } from '../../scripts/managed-process.ts'
import { findFreePort } from '../../scripts/ports.ts'

const root = resolve(import.meta.dirname, '..', '..')
const run = promisify(execFile)

export interface OldVersion extends AsyncDisposable {
  /** One of its services, as its own process, once it is ready. */
  start(service: string, env: NodeJS.ProcessEnv, onLine: (line: string) => void): Promise<ManagedProcess>
}

/** A commit of this repository, installed in a folder of its own. */
export async function installOldVersion(commit: string): Promise<OldVersion> {
  await using cleanup = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-old-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  const archive = join(folder, 'old.tar')
  await run('git', ['archive', '--output', archive, commit], { cwd: root })
  await run('tar', ['-xf', archive], { cwd: folder })
  // Its own start script installs what its lockfile says, with the pnpm that it has pinned, and runs the command.
  await run(process.execPath, ['scripts/bootstrap.mjs', 'node', '--version'], { cwd: folder })
  const running = cleanup.move()
  return {
    async start(service, env, onLine) {
      const healthPort = await findFreePort()
      const started = startNodeProcess({
        name: `old ${service}`,
        args: [join(folder, 'services', service, 'src', 'main.ts')],
        cwd: folder,
        env: { ...env, HEALTH_PORT: String(healthPort) },
        onLine,
      })
      running.use(started)
      await untilReady(started, () => findUnready(healthPort))
      return started
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
