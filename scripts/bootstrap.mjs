// Runs a command with the project's dependencies and its own Node 24:
//   node scripts/bootstrap.mjs <command> [arguments…]
// Works from Node 20 on and uses no dependency, because it is what installs them.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { builtFile } from '../packages/bundle/src/built.mjs'
import { spawnGuarded } from './guarded-spawn.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const onWindows = process.platform === 'win32'
const environment = {
  ...process.env,
  PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(modules, '.cache', 'compile'),
}

const [command, ...commandArguments] = process.argv.slice(2)
if (!command) fail('usage: node scripts/bootstrap.mjs <command> [arguments…]', 2)
const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  fail(`Switchboard needs Node 20 or newer, and this is ${process.version}. Get one from https://nodejs.org`)
}
endWithNpm()
await installIfNeeded()
buildIfNeeded()
process.exit(await run(command, commandArguments, environment))

/** Installs when nothing is installed yet, or when the lockfile is another one than at the last install. */
async function installIfNeeded() {
  const marker = join(modules, '.switchboard-lockfile')
  const lockfile = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockfile) return

  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  console.error(`Installing dependencies with ${packageManager} (only now, and when the lockfile changes) …`)
  const code = await run(
    'npx',
    ['--yes', packageManager, 'install', '--frozen-lockfile'],
    // Development dependencies carry Node itself; and nobody may be there to answer a question.
    { ...process.env, NODE_ENV: 'development', CI: 'true' },
    // Progress goes to stderr: the command's own output stays clean.
    2,
  )
  if (code !== 0) {
    fail(
      `Installing failed, see above: it needs the network, room on the disk, and a folder that you may write to (${root}).\n` +
        `By hand: npx --yes ${packageManager} install`,
      code,
    )
  }
  try {
    writeFileSync(marker, lockfile)
  } catch (error) {
    fail(`Cannot write to ${modules}: ${error.message}`)
  }
}

/** What is run from the bundle is built before, unless it is there and as the sources are. */
function buildIfNeeded() {
  if (!commandArguments[0]?.startsWith('build/')) return
  try {
    builtFile('start', environment)
  } catch (error) {
    fail(error.message)
  }
}

/** Resolves to the exit code, once the command has ended. */
function run(name, args, env, output = 1) {
  return new Promise((resolve) => {
    const child = spawnGuarded(name, args, { stdio: ['inherit', output, 2], shell: onWindows, env })
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const pass = (signal) => child.kill(signal)
    for (const signal of signals) process.on(signal, pass)
    child.on('error', (error) => fail(`${name} cannot be started: ${error.message}`, 127))
    child.on('exit', (code, signal) => {
      for (const passed of signals) process.off(passed, pass)
      resolve(signal ? 128 + constants.signals[signal] : code)
    })
  })
}

/** npm that is killed takes nobody with it. Once we are gone, so is everything that we have started. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event || onWindows) return
  const { ppid } = process
  const npm = npmAbove(ppid)
  const isThere = () => process.ppid === ppid && (npm === undefined || isAlive(npm))
  setInterval(() => isThere() || process.exit(1), 1_000).unref()
}

/** npm runs a script in a shell, and some shells stay in between. */
function npmAbove(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
  const [parent, name = ''] = (stdout ?? '').trim().split(/\s+/)
  return /^-?(sh|ash|dash|bash|zsh|busybox)$/.test(basename(name)) ? Number(parent) : undefined
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function fail(message, code = 1) {
  console.error(message)
  process.exit(code)
}
