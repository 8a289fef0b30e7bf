import { spawnSync } from 'node:child_process'
import { styleText } from 'node:util'

/** `--static`: without the unit tests, for where they run anyway. */
const isStatic = process.argv.includes('--static')

/** Fastest first: a mistake shows within a second. */
const steps = [
  { name: 'format', command: 'oxfmt', args: ['--check'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware'] },
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'unused', command: 'knip', args: ['--no-progress'] },
  { name: 'unit tests', command: 'vitest', args: ['run', '--project', 'unit'] },
]

for (const { name, command, args } of isStatic ? steps.slice(0, -1) : steps) {
  const startedAt = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', shell: process.platform === 'win32' })
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  if (status !== 0) {
    console.log(`${styleText('red', '✗')} ${name.padEnd(12)} ${seconds} s`)
    console.log(`\n${stdout}${stderr}\nfailed: ${command} ${args.join(' ')}`)
    process.exit(1)
  }
  console.log(`${styleText('green', '✓')} ${name.padEnd(12)} ${seconds} s`)
}
