import { generateKeyPairSync } from 'node:crypto'

import { expect, test } from 'vitest'

import { findSecrets } from './find-secrets.ts'

test('a private key and a token of a provider are found, by line; what stands for one is not', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(await findSecrets('a.ts', `const key = \`\n${pem}\``)).toMatchObject([{ line: 2 }])
  const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_')
  expect(await findSecrets('b.ts', `one\ntwo ${token}`)).toMatchObject([{ line: 2 }])
  expect(await findSecrets('.env.example', '#VONAGE_PRIVATE_KEY="-----BEGIN PRIVATE KEY-----\n#…\n')).toEqual([])
})
