/*
 * npm run scan-history: looks for keys and tokens in everything that was ever committed to this repository. Says where, never
 * what; exit code 1 when there are any.
 */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

import { findSecrets } from './find-secrets.ts'

const cwd = resolve(import.meta.dirname, '..')
const MOST_BYTES = 2 ** 31

const paths = new Map(
  git(['rev-list', '--objects', '--all'])
    .toString()
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf(' ')
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : []
    }),
)
let files = 0
let found = 0
for (const { id, content } of readBlobs([...paths.keys()])) {
  files += 1
  const path = paths.get(id) ?? ''
  for (const { rule, line } of await findSecrets(path, content)) {
    found += 1
    console.error(`${path}:${line} (${id.slice(0, 10)}): ${rule}`)
  }
}
console.log(`${files} versions of text files, ${found} secrets`)
process.exitCode = found > 0 || files === 0 ? 1 : 0

/** Of these objects those that are files of text. */
function* readBlobs(ids: string[]): Generator<{ id: string; content: string }> {
  const all = git(['cat-file', '--batch'], `${ids.join('\n')}\n`)
  let at = 0
  while (at < all.length) {
    const end = all.indexOf('\n', at)
    const [id = '', kind, size] = all.toString('utf8', at, end).split(' ')
    const content = all.subarray(end + 1, end + 1 + Number(size))
    at = end + 1 + Number(size) + 1
    if (kind === 'blob' && !content.includes(0)) yield { id, content: content.toString() }
  }
}

function git(args: string[], input = ''): Buffer {
  return execFileSync('git', args, { cwd, input, maxBuffer: MOST_BYTES })
}
