// Runs a command with the project's dependencies and its own Node 24:
//   node scripts/bootstrap.mjs <command> [arguments…]
// Works from Node 20 on and uses no dependency, because it is what installs them.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const onWindows = process.platform === 'win32'

const [command, ...commandArguments] = process.argv.slice(2)
if (!command) {
  console.error('usage: node scripts/bootstrap.mjs <command> [arguments…]')
  process.exit(2)
}
installIfNeeded()
run(command, commandArguments)

/** Installs when nothing is installed yet, or when the lockfile is another one than at the last install. */
function installIfNeeded() {
  const marker = join(modules, '.switchboard-lockfile')
  const lockfile = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockfile) return

  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  console.error(`Installing dependencies with ${packageManager} (only now, and when the lockfile changes) …`)
  const { status } = spawnSync('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
    cwd: root,
    // Progress goes to stderr: the command's own output stays clean.
    stdio: ['inherit', 2, 2],
    shell: onWindows,
    // Development dependencies carry Node itself; and nobody may be there to answer a question.
    env: { ...process.env, NODE_ENV: 'development', CI: 'true' },
  })
  if (status !== 0) {
    console.error(`Installing failed. Try it by hand: npx --yes ${packageManager} install`)
    process.exit(status ?? 1)
  }
  writeFileSync(marker, lockfile)
}

function run(name, args) {
  const child = spawn(name, args, {
    stdio: 'inherit',
    shell: onWindows,
    env: {
      ...process.env,
      PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(modules, '.cache', 'compile'),
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`${name} cannot be started: ${error.message}`)
    process.exit(127)
  })
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
}
