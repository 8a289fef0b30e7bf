import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..', '..')

export interface Page {
  /** From the root of the repository. */
  path: string
  text: string
}

export interface Block {
  language: string
  body: string
  /** Of its first line, in the page. */
  line: number
  /** Why it is not run, when the page says so in the line above it. */
  notRun: string | undefined
}

/** README and every page of docs/. */
export function readPages(): Page[] {
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
  return ['README.md', ...pages.toSorted().map((name) => `docs/${name}`)].map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }))
}

/** The line that says why a block is not run, the fence with its indentation, the body, the fence's end. */
const fence =
  /^(?: *<!-- not run here: (?<notRun>[^\n]+) -->\n)?(?<indent> *)```(?<language>[a-z]+)\n(?<body>.*?)^\k<indent>```$/gms

/** The fenced blocks of a page, in order, without the indentation of a list. */
export function readBlocks({ text }: Page): Block[] {
  return [...text.matchAll(fence)].map(({ index, groups }) => {
    const { notRun, indent = '', language = '', body = '' } = groups ?? {}
    const before = text.slice(0, index).split('\n').length
    return {
      language,
      body: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      line: before + (notRun === undefined ? 1 : 2),
      notRun,
    }
  })
}
