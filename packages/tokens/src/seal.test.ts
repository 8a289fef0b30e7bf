import { expect, it } from 'vitest'

import { seal, unseal } from './seal.ts'

const OLD = 'a secret of many characters'
const NEW = 'a newer secret of many characters'

it('opens what it sealed, also while the secret is replaced', () => {
  const sealed = seal(OLD, 'totp', 'JBSWY3DP')
  expect(sealed).not.toContain('JBSW')
  expect(unseal(OLD, 'totp', sealed)).toBe('JBSWY3DP')
  expect(unseal(`${NEW},${OLD}`, 'totp', sealed)).toBe('JBSWY3DP')
  expect(unseal(NEW, 'totp', seal(`${NEW},${OLD}`, 'totp', 'JBSWY3DP'))).toBe('JBSWY3DP')
})

it.each([
  ['another secret', () => unseal(NEW, 'totp', seal(OLD, 'totp', 'text'))],
  ['another purpose', () => unseal(OLD, 'session', seal(OLD, 'totp', 'text'))],
  [
    'a changed text',
    () =>
      unseal(
        OLD,
        'totp',
        seal(OLD, 'totp', 'text').replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
      ),
  ],
  ['nothing', () => unseal(OLD, 'totp', '')],
])('opens nothing with %s', (_name, open) => {
  expect(open()).toBeUndefined()
})
