// Plain JavaScript without dependencies: bootstrap.mjs uses it with whatever Node the machine has.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

/** What this process starts is of one bundle, whatever is changed meanwhile. */
let isSure = false

/**
 * The file with which a service, or `start` or `switchboard`, begins; bundled anew unless it is there and made of what the sources are
 * now. Throws when that fails; why has been printed by then.
 *
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env] whose PATH has the project's Node; that of this process unless given
 */
export function builtFile(name, env) {
  if (!isSure && !isBuilt()) build(env)
  isSure = true
  return join(root, 'build', `${name}.mjs`)
}

/** @param {NodeJS.ProcessEnv} [env] */
function build(env) {
  const builder = join(root, 'packages', 'bundle', 'src', 'run.ts')
  // Progress goes to stderr: the command's own output stays clean.
  const { status } = spawnSync('node', [builder], { cwd: root, env, stdio: ['ignore', 2, 2] })
  if (status !== 0) {
    const folder = join(root, 'build')
    throw new Error(
      `Switchboard cannot be bundled, see above. ${folder} has to be a folder to write to, with room on the disk.`,
    )
  }
}

function isBuilt() {
  const folder = join(root, 'build')
  const madeFrom = readMadeFrom(folder)
  try {
    return (
      madeFrom?.root === root &&
      Object.entries(madeFrom.files).every(([file, stamp]) => stampOf(join(root, file)) === stamp) &&
      madeFrom.made !== undefined &&
      madeFrom.made.every((file) => existsSync(join(folder, file)))
    )
  } catch {
    return false
  }
}

/**
 * Which sources the bundle in a folder was made of, and which files it has (earlier ones do not say); undefined where there is none.
 *
 * @param {string} folder
 * @returns {{ root: string, files: Record<string, string>, made?: string[] } | undefined}
 */
export function readMadeFrom(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'made-from.json'), 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * What changes when the file does.
 *
 * @param {string} file
 */
export function stampOf(file) {
  const { mtimeMs, size } = statSync(file)
  return `${mtimeMs} ${size}`
}
