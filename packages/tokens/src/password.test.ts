import { expect, it } from 'vitest'

import { hashPassword, isPassword } from './password.ts'

it('knows a password again, and no other; each hash has a salt of its own', async () => {
  const hash = await hashPassword('correct horse')
  expect(hash).not.toBe(await hashPassword('correct horse'))
  expect(await isPassword('correct horse', hash)).toBe(true)
  expect(await isPassword('correct horse ', hash)).toBe(false)
})

it.each(['', 'correct horse', 'scrypt$32768$8$3$AAAA$'])('%j is nobody’s hash', async (hash) => {
  expect(await isPassword('', hash)).toBe(false)
})
