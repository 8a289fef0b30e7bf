import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { derivedId, newId } from './ids.ts'

const parts = fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 5 })

describe('derivedId', () => {
  it.each([
    [['push', 'MSFT', 'u1'], 'push-MSFT-u1'],
    [['fan', 'MSFT', 1_767_323_045_000, ''], 'fan-MSFT-1767323045000-'],
  ] as const)('keeps a short id readable: %o', ([kind, ...rest], expected) => {
    expect(derivedId(kind, ...rest)).toBe(expected)
  })

  it('is a job id and a client_ref whatever it is made of, and always the same', () => {
    fc.assert(
      fc.property(parts, (some) => {
        const id = derivedId('in', ...some)
        expect(id).toMatch(/^[\w.-]{1,40}$/)
        expect(id).toMatch(/\D/)
        expect(derivedId('in', ...some)).toBe(id)
      }),
    )
  })

  it('tells long parts apart, also where they begin alike', () => {
    const uuid = '11111111-2222-4333-8444-555555555555'
    expect(derivedId('in', uuid, 1)).not.toBe(derivedId('in', uuid, 2))
    expect(derivedId('a', uuid)).not.toBe(derivedId('b', uuid))
  })
})

it('newId is never the same twice and fits a client_ref', () => {
  const ids = Array.from({ length: 1_000 }, () => newId('notification'))
  expect(new Set(ids).size).toBe(1_000)
  for (const id of ids) expect(id).toMatch(/^notification-[\w-]{1,27}$/)
})
