import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { consumers } from '@switchboard/contracts'
import { expect, it } from 'vitest'

const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8')

it('the README names every queue and who works it', () => {
  const rows = [...readme.matchAll(/^\| `([a-z-]+)` \| ([a-z-]+) \|/gm)].map(([, queue, owner]) => [queue, owner])
  const expected = Object.entries(consumers).map(([queue, owner]) => [queue, owner ?? 'nobody'])
  expect(rows).toHaveLength(expected.length)
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected))
})
