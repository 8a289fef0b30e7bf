import { expect, test } from 'vitest'

import { createFaults, faultSchema } from './faults.ts'

const fault = (kind: string) => faultSchema.parse({ target: 'webhook', kind })

test('forgeries happen one webhook after the other, other faults together with them', () => {
  const faults = createFaults(() => {})
  for (const kind of ['unsigned', 'duplicate', 'wrong-signature', 'stale-iat']) faults.add(fault(kind))
  const taken = Array.from({ length: 4 }, () => faults.takeWebhook({}).map(({ kind }) => kind))
  expect(taken).toEqual([['unsigned', 'duplicate'], ['wrong-signature'], ['stale-iat'], []])
})
