import { expect, it } from 'vitest'

import { recordValue } from './feed-values.ts'

it.each([
  ['the first value', undefined, 10, { kind: 'current', value: 'new', previous: undefined }],
  ['a newer tick', { value: 'old', tick: 9 }, 10, { kind: 'current', value: 'new', previous: 'old' }],
  [
    'the same tick again',
    { value: 'first', tick: 10, previous: 'old' },
    10,
    { kind: 'current', value: 'first', previous: 'old' },
  ],
  ['an older tick', { value: 'newer', tick: 11 }, 10, { kind: 'stale' }],
] as const)('%s', (_, current, tick, result) => {
  const change = recordValue(current, tick, 'new')
  expect(change.result).toEqual(result)
  expect(change.next?.value).toBe(result.kind === 'current' && result.value === 'new' ? 'new' : undefined)
})
