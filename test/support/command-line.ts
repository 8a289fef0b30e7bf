import { spawn } from 'node:child_process'

import { builtFile } from '@switchboard/bundle'

import type { StackAddresses } from './test-stack.ts'

export interface Finished {
  exitCode: number | null
  stdout: string
  stderr: string
}

export interface RunningCommand extends Promise<Finished> {
  /** Resolves once stdout has the words. */
  prints(words: string): Promise<void>
  /** What Ctrl-C in the terminal does. */
  interrupt(): void
}

/** The `switchboard` command of this folder as its own process, talking to a stack. */
export function createCommandLine({ ingress, apiToken }: Pick<StackAddresses, 'ingress' | 'apiToken'>) {
  return (...words: string[]): RunningCommand => runScript([...words, '--url', ingress, '--token', apiToken])
}

/** The command with nothing but these words, and what they say about the environment. */
export function runScript(words: string[], extra: NodeJS.ProcessEnv = {}): RunningCommand {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, NO_COLOR: '1', ...extra }
  const child = spawn(process.execPath, [builtFile('switchboard'), ...words], { env })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => void (output[name] += chunk.toString()))
  }
  const finished = new Promise<Finished>((ended) => {
    child.once('close', (exitCode) => ended({ exitCode, ...output }))
  })
  return Object.assign(finished, {
    interrupt: () => void child.kill('SIGINT'),
    prints: (text: string) =>
      new Promise<void>((found, missing) => {
        const look = () => output.stdout.includes(text) && found()
        child.stdout.on('data', look)
        child.once('close', () => missing(new Error(`It ended without "${text}": ${output.stdout}${output.stderr}`)))
        look()
      }),
  })
}
