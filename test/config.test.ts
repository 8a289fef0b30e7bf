import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { switchboardConfig } from '@switchboard/contracts'
import { expect, test } from 'vitest'

import { configSchemaText, schemaFile } from '../scripts/config-schema.ts'

const root = resolve(import.meta.dirname, '..')

test.each(['switchboard.config.json', 'test/support/e2e.config.json'])('%s is a configuration', (file) => {
  const parsed = switchboardConfig.safeParse(JSON.parse(readFileSync(resolve(root, file), 'utf8')))
  expect(parsed.error?.issues).toBeUndefined()
})

test('switchboard.schema.json is what `pnpm config-schema` writes', () => {
  expect(JSON.parse(readFileSync(schemaFile, 'utf8'))).toEqual(JSON.parse(configSchemaText()))
})
