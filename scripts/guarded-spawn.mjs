// Plain JavaScript without dependencies: bootstrap.mjs uses it with whatever Node the machine has.
import { spawn } from 'node:child_process'

/*
 * A process that cannot outlive the one that started it, whatever either of them is doing. File descriptor 3 is a pipe
 * whose other end only the parent holds: however the parent ends, `kill -9` included, the kernel closes it. A shell of
 * less than a megabyte waits for that beside the command, which takes the place of the shell that `spawn` started and
 * so keeps its process id. It begins before the command does: there is no moment without it.
 */
const guard = `
(
  trap '' INT TERM HUP QUIT
  read -r _ <&3 && exit
  kill -TERM $$
  for _ in 1 2 3 4; do sleep 1; kill -0 $$ || exit; done
  kill -KILL $$
) </dev/null >/dev/null 2>&1 &
exec "$@" 3<&-`

/**
 * As `spawn`, with three entries of `stdio`. When this process is gone the child gets SIGTERM, and SIGKILL 4 s later.
 * Windows has no such shell: there a child may stay behind.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Omit<import('node:child_process').SpawnOptions, 'stdio'> & { stdio: ('inherit' | 'ignore' | 'pipe' | number)[] }} options
 * @returns {import('node:child_process').ChildProcess}
 */
export function spawnGuarded(command, args, options) {
  if (process.platform === 'win32') return spawn(command, args, options)
  const stdio = [...options.stdio, 'pipe']
  const child = spawn('/bin/sh', ['-c', guard, 'sh', command, ...args], { ...options, stdio })
  const pipe = child.stdio[3]
  // Neither keeps this process running, nor minds that the guard may be gone.
  pipe?.on('error', () => undefined)
  pipe?.unref?.()
  child.once('exit', () => pipe?.end('ended\n'))
  return child
}
