import { resolve } from 'node:path'

import { bundle } from './bundle.ts'

try {
  await bundle(resolve(import.meta.dirname, '../../..'))
} catch (error) {
  // It names the source or the file; where in the bundler it was noticed helps nobody.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
