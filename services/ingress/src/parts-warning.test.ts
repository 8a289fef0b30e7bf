import { expect, it } from 'vitest'

import { partsWarning } from './parts-warning.ts'

it.each([
  [['sms'], 'a'.repeat(1_530), 0],
  [['sms'], 'a'.repeat(1_531), 1],
  [['sms'], `${'a'.repeat(669)}…`, 0],
  [['sms'], `${'a'.repeat(670)}…`, 1],
  [['whatsapp'], 'a'.repeat(4_000), 0],
] as const)('%j of many characters', (channels, text, warnings) => {
  expect(partsWarning([...channels], 'text', text)).toHaveLength(warnings)
})
