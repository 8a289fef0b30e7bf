/*
 * npm run pin-images: names every image in docker-compose.yml and the Dockerfile by its content, so that the same bytes run
 * everywhere and for good. Needs Docker and the network. Run it again to take newer images; `git diff` shows which.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { imageNames, pinImages } from './image-names.ts'

const root = resolve(import.meta.dirname, '..')
const files = ['docker-compose.yml', 'Dockerfile'].map((name) => {
  const path = join(root, name)
  return { path, text: readFileSync(path, 'utf8') }
})
const digests = new Map<string, string>()
for (const name of new Set(files.flatMap(({ text }) => imageNames(text)))) {
  execFileSync('docker', ['pull', '--quiet', name], { stdio: 'inherit' })
  const digest = inspect(name)
  console.log(`${name} is ${digest}`)
  digests.set(name, digest)
}
for (const { path, text } of files)
  writeFileSync(
    path,
    pinImages(text, (name) => digests.get(name) ?? ''),
  )

function inspect(name: string): string {
  const answer = execFileSync('docker', ['image', 'inspect', '--format', '{{index .RepoDigests 0}}', name])
  const digest = /@(?<digest>sha256:[0-9a-f]{64})\s*$/.exec(answer.toString())?.groups?.['digest']
  if (digest === undefined) throw new Error(`${name} has no digest: it did not come from a registry`)
  return digest
}
