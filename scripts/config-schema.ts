// Writes switchboard.schema.json, with which editors complete switchboard.config.json:
//   pnpm config-schema
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { switchboardConfig } from '@switchboard/contracts'
import { z } from 'zod'

export const schemaFile = resolve(import.meta.dirname, '..', 'switchboard.schema.json')

/** The JSON Schema of the configuration as people write it. */
export function configSchemaText(): string {
  const schema = z.toJSONSchema(switchboardConfig, { io: 'input', unrepresentable: 'any' })
  return `${JSON.stringify({ title: 'Switchboard configuration', ...schema }, undefined, 2)}\n`
}

if (import.meta.main) writeFileSync(schemaFile, configSchemaText())
