import { expect, it } from 'vitest'

import { hashPassword, isPassword } from './password.ts'

// Hashing is meant to be slow, and slower on a busy machine.
const SLOW = 30_000

it('knows a password again, and no other; each hash has a salt of its own', { timeout: SLOW }, async () => {
  const hash = await hashPassword('correct horse')
  expect(hash).not.toBe(await hashPassword('correct horse'))
  expect(await isPassword('correct horse', hash)).toBe(true)
  expect(await isPassword('correct horse ', hash)).toBe(false)
})

it.each(['', 'correct horse', 'scrypt$32768$8$3$AAAA$'])('%j is nobody’s hash', async (hash) => {
  expect(await isPassword('', hash)).toBe(false)
})
