import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { planOf, switchboardConfig } from '@switchboard/contracts'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { configSchemaText, schemaFile } from '../scripts/config-schema.ts'

const root = resolve(import.meta.dirname, '..')

test.each(['switchboard.config.json', 'test/support/e2e.config.json'])('%s is a configuration', (file) => {
  const parsed = switchboardConfig.safeParse(JSON.parse(readFileSync(resolve(root, file), 'utf8')))
  expect(parsed.error?.issues).toBeUndefined()
})

test('switchboard.schema.json is what `pnpm config-schema` writes', () => {
  expect(JSON.parse(readFileSync(schemaFile, 'utf8'))).toEqual(JSON.parse(configSchemaText()))
})

test('.env.example names every variable that a service reads', () => {
  const sources = globSync('{services/*/src/*config.ts,packages/runtime/src/environment.ts}', { cwd: root })
  const variables = sources.flatMap((file) => {
    const source = readFileSync(resolve(root, file), 'utf8')
    return [...source.matchAll(/^ +([A-Z][A-Z0-9_]{4,}):/gm)].map(([, name]) => name)
  })
  const example = readFileSync(resolve(root, '.env.example'), 'utf8')
  expect(variables.length).toBeGreaterThan(30)
  expect(variables.filter((name) => !new RegExp(`^#${name}=`, 'm').test(example))).toEqual([])
})

test('npm run sbom asks the pnpm that installs', () => {
  const { packageManager, scripts } = z
    .object({ packageManager: z.string(), scripts: z.object({ sbom: z.string() }) })
    .parse(JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')))
  expect(scripts.sbom).toContain(` ${packageManager} `)
})

test('the demo of the shipped configuration reaches its second person within two minutes', () => {
  const { policies } = switchboardConfig.parse(
    JSON.parse(readFileSync(resolve(root, 'switchboard.config.json'), 'utf8')),
  )
  const [first] = planOf(policies['demo']!).users
  const seconds = first!.channels.slice(0, -1).reduce((sum, { expirySeconds }) => sum + expirySeconds, 0)
  expect(seconds + first!.finalWaitSeconds).toBe(30)
})
