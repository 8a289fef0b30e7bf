import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Child extends AsyncDisposable {
  readonly pid: number | undefined
  /** What it said when it was ready. */
  readonly first: unknown
  /** Sends a message and resolves with the answer. */
  ask(message: object): Promise<unknown>
  /** The next message it sends by itself. */
  next(): Promise<unknown>
}

interface ChildProgram {
  file: string
  env: NodeJS.ProcessEnv
}

/** What Node is given so that a part ends with the benchmark, however that ends. */
export const endingWithParent = [...process.execArgv, '--import', join(import.meta.dirname, 'end-with-parent.ts')]

/** A part of a benchmark in a process of its own. It sends one message when it is ready. */
export async function startChild(what: string | ChildProgram, ...args: string[]): Promise<Child> {
  const { file, env } = typeof what === 'string' ? { file: what, env: process.env } : what
  const child = fork(join(import.meta.dirname, file), args, { env, execArgv: endingWithParent })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${file} has ended`)))
  // Only those who wait for an answer need to hear of it.
  ended.catch(() => undefined)
  const next = async () => {
    const [message]: unknown[] = await Promise.race([once(child, 'message'), ended])
    return message
  }
  const first = await next()
  return {
    pid: child.pid,
    first,
    next,
    ask(message) {
      const answer = next()
      child.send(message)
      return answer
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended.catch(() => undefined)
    },
  }
}
