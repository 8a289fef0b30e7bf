import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { expect, test } from 'vitest'

import { digestOfPull, imageNames, pinImages } from './image-names.ts'

const root = resolve(import.meta.dirname, '..')
const [one, two] = ['1', '2'].map((digit) => `sha256:${digit.repeat(64)}`)

test('every image from elsewhere is pinned, and pinned anew', () => {
  const text = [
    'services:',
    '  redis:',
    '    image: redis:8',
    '  grafana:',
    '    image: grafana/grafana:12.1.0 # as it is',
    '  ours:',
    '    image: switchboard',
    '',
  ].join('\n')
  const pinned = pinImages(text, () => one ?? '')
  expect(pinned).toContain(`    image: redis:8@${one}\n`)
  expect(pinned).toContain(`    image: grafana/grafana:12.1.0@${one} # as it is\n`)
  expect(pinned).toContain('    image: switchboard\n')
  expect(pinImages(pinned, () => two ?? '')).toBe(pinned.replaceAll(String(one), String(two)))
})

test('the images of ours that come from elsewhere are found', () => {
  const images = ['docker-compose.yml', 'Dockerfile'].flatMap((file) =>
    imageNames(readFileSync(resolve(root, file), 'utf8')),
  )
  expect(new Set(images.map((image) => image.split(':')[0]))).toEqual(
    new Set(['grafana/grafana', 'node', 'prom/prometheus', 'redis']),
  )
})

test('the digest is the one that the registry answered', () => {
  const output = `8: Pulling from library/redis\nDigest: ${one}\nStatus: Image is up to date for redis:8\ndocker.io/library/redis:8\n`
  expect(digestOfPull(output)).toBe(one)
  expect(digestOfPull('8: Pulling from library/redis\n')).toBeUndefined()
})
