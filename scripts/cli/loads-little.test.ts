import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')

/** Says what is loaded after it, one URL per line. */
const teller = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({ load: (url, context, nextLoad) => (console.error(url), nextLoad(url, context)) })`)}`

it.each(['--version', '--help', 'help accounts', 'help tokens', 'help audit'])(
  '%s asks nobody, so it loads nothing to ask with',
  (words) => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', teller, 'scripts/switchboard.ts', ...words.split(' ')],
      { cwd: root, encoding: 'utf8' },
    )
    expect(stdout).not.toBe('')
    const packages = stderr.matchAll(/(?:.*\/node_modules|\/packages)\/((?:@[^/]+\/)?[^/]+)\//g)
    expect(new Set(Array.from(packages, ([, name]) => name))).toEqual(
      new Set(['@commander-js/extra-typings', 'commander', 'contracts', 'zod']),
    )
  },
)
