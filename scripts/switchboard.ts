import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { z } from 'zod'

import { readEnvironment } from './cli/environment.ts'
import { runProgram } from './cli/program.ts'
import { humanTerminal, jsonTerminal } from './cli/terminal.ts'

const root = resolve(import.meta.dirname, '..')
const manifest = z.object({ version: z.string() })
const { version } = manifest.parse(JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')))

const words = process.argv.slice(2)
// Before they are understood: what is wrong with them must come out in the right form as well.
const terminal = words.includes('--json') ? jsonTerminal : humanTerminal
process.exitCode = await runProgram(words, { environment: readEnvironment(root), terminal, version })
