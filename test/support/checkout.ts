import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Block } from './documents.ts'
import { root } from './documents.ts'
import type { TestStack } from './test-stack.ts'

const DEADLINE_MS = 60_000
const COPIED = ['packages', 'scripts', 'services']
const OWN = new Set([...COPIED, 'build', '.data', '.env', '.git'])

/** A folder as somebody has it who cloned the repository and ran `npm start` in it. */
export interface Checkout extends Disposable {
  /** Runs blocks one after the other in one shell, as if typed; every command has to succeed. Resolves to what they print. */
  run(blocks: Pick<Block, 'body'>[]): Promise<string>
}

/** `stack` is what runs "there"; the ports that pages name are taken for its own. */
export function createCheckout(stack: TestStack): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-checkout-'))
  // The command line finds .data beside its own folder, so what it is made of is a copy.
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true, verbatimSymlinks: true })
  for (const name of readdirSync(root).filter((each) => !OWN.has(each)))
    symlinkSync(join(root, name), join(folder, name))
  mkdirSync(join(folder, '.data', 'secrets'), { recursive: true })
  writeFileSync(join(folder, '.data', 'secrets', 'api-tokens'), `${stack.addresses.apiToken}\n`)
  symlinkSync(join(stack.dataFolder, 'simulator'), join(folder, '.data', 'simulator'))
  return {
    run: (blocks) => runShell(toScript(blocks, stack), folder, stack),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** What curl is answered with an error is an error here. */
const strict = 'set -eu\ncurl() { command curl --fail-with-body --silent --show-error --max-time 20 "$@"; }\n'

function toScript(blocks: Pick<Block, 'body'>[], { addresses }: TestStack): string {
  const ports = [
    ['localhost:9000', new URL(addresses.ingress).host],
    ['localhost:9100', new URL(addresses.console).host],
    ['localhost:9200', new URL(addresses.simulator).host],
  ] as const
  const typed = blocks.map(({ body }) => body).join('\n')
  return strict + ports.reduce((text, [said, host]) => text.replaceAll(said, host), typed)
}

async function runShell(script: string, cwd: string, { addresses, environment }: TestStack): Promise<string> {
  const { PATH, HOME } = process.env
  // INGRESS_PORT is what somebody's .env says whose port 9000 is taken; where Redis is, `npm start` would have written down.
  const there = { INGRESS_PORT: new URL(addresses.ingress).port, REDIS_URL: environment['REDIS_URL'] }
  const env = { PATH, HOME, NO_COLOR: '1', ...there }
  const child = spawn('sh', ['-c', script], { cwd, env, timeout: DEADLINE_MS, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((ended) => void child.once('close', ended))
  if (code !== 0) throw new Error(`The shell ended with ${code}:\n${output}`)
  return output
}
