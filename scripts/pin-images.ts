/*
 * npm run pin-images: names every image in docker-compose.yml and the Dockerfile by its content, so that the same bytes run
 * everywhere and for good. Needs Docker and the network. Run it again to take newer images; `git diff` shows which.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { digestOfPull, imageNames, pinImages } from './image-names.ts'

const root = resolve(import.meta.dirname, '..')
const files = ['docker-compose.yml', 'Dockerfile'].map((name) => {
  const path = join(root, name)
  return { path, text: readFileSync(path, 'utf8') }
})
const digests = new Map<string, string>()
for (const name of new Set(files.flatMap(({ text }) => imageNames(text)))) {
  const digest = pull(name)
  console.log(`${name} is ${digest}`)
  digests.set(name, digest)
}
// All or nothing: whoever breaks it off, or has no network, has the files as they were.
for (const { path, text } of files)
  writeFileSync(
    path,
    pinImages(text, (name) => digests.get(name) ?? ''),
  )

/** What the registry means by a name today. */
function pull(name: string): string {
  const { status, stdout, stderr, error } = spawnSync('docker', ['pull', name], { encoding: 'utf8' })
  const digest = status === 0 ? digestOfPull(stdout) : undefined
  if (digest !== undefined) return digest
  console.error(`${name} could not be pulled, and nothing was changed: ${error?.message ?? (stderr.trim() || stdout)}`)
  process.exit(1)
}
