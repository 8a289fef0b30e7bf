import { visible } from '../visible.ts'
import type { Problem } from './command-error.ts'

/** Where a command prints. A command says everything twice: in words, and as the one JSON document of --json. */
export interface Terminal {
  /** A line for people. */
  say(line: string): void
  /** What people should also know, on stderr. */
  hint(line: string): void
  /** The last line, written over by what follows: only on a terminal. */
  showStatus(line: string): void
  /** The document of --json. Call it once. */
  answer(json: object): void
  /** Why it was not done. */
  fail(sentence: string, problem: Problem): void
}

const nothing = () => undefined

/** With --json, stdout holds one JSON document and nothing else: the answer, or a problem. */
export const jsonTerminal: Terminal = {
  say: nothing,
  hint: nothing,
  showStatus: nothing,
  answer: (json) => console.log(oneDocument(json)),
  fail: (_sentence, problem) => console.log(oneDocument({ type: 'about:blank', ...problem })),
}

export const humanTerminal: Terminal = {
  say: (line) => {
    clearStatus()
    console.log(visible(line))
  },
  hint: (line) => {
    clearStatus()
    console.error(visible(line))
  },
  showStatus: (line) => {
    if (!process.stdout.isTTY) return
    clearStatus()
    process.stdout.write(visible(line))
  },
  answer: nothing,
  fail: (sentence) => {
    clearStatus()
    console.error(visible(sentence))
  },
}

/** The same JSON, without what a terminal obeys and JSON does not escape. */
function oneDocument(json: object): string {
  return JSON.stringify(json).replaceAll(
    /[\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function clearStatus(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001B[2K')
}
