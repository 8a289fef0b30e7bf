import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { styleText } from 'node:util'

import { z } from 'zod'

import { judgeAudit } from './judge-audit.ts'

/** `--static`: without the unit tests, for where they run anyway, and without asking anybody outside. */
const isStatic = process.argv.includes('--static')

const AUDIT_LIMIT_MS = 60_000
const manifestFile = resolve(import.meta.dirname, '..', 'package.json')
const manifest = z.object({ packageManager: z.string() })

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

if (!isStatic) audit()

/** Whether a library that we ship has a known problem. Where nobody answers that, it is said: the rest counts all the same. */
function audit(): void {
  const { packageManager } = manifest.parse(JSON.parse(readFileSync(manifestFile, 'utf8')))
  const args = ['--yes', packageManager, 'audit', '--prod', '--audit-level', 'moderate']
  const { status, stdout, stderr } = spawnSync('npx', args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: AUDIT_LIMIT_MS,
  })
  const verdict = judgeAudit(status, `${stdout}${stderr}`)
  const marks = { sound: styleText('green', '✓'), unknown: styleText('yellow', '?'), problems: styleText('red', '✗') }
  console.log(`${marks[verdict.kind]} ${'audit'.padEnd(12)} ${verdict.text}`)
  if (verdict.kind === 'problems') process.exit(1)
}
