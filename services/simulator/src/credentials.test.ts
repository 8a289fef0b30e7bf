import { createPublicKey } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { loadCredentials } from './credentials.ts'
import { credentials as given } from './testing/start.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the first start makes files that only we may read; later starts keep them', () => {
  const first = loadCredentials(folder, {})
  const names = ['api-key', 'api-secret', 'application-id', 'private.key', 'public.key', 'signature-secret']
  expect(readdirSync(folder).sort()).toEqual(names)
  for (const name of names) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, 'application-id'), 'utf8').trim()).toBe(first.applicationId)
  expect(loadCredentials(folder, {})).toEqual(first)
})

test('given values win, and the public key follows from a private key in one line', () => {
  const privateKey = given.privateKey.replaceAll('\n', String.raw`\n`)
  const loaded = loadCredentials(folder, { applicationId: 'mine', privateKey, apiKey: 'key' })
  expect(loaded).toMatchObject({ applicationId: 'mine', apiKey: 'key' })
  expect(createPublicKey(loaded.publicKey).equals(createPublicKey(given.publicKey))).toBe(true)
  expect(readdirSync(folder).sort()).toEqual(['api-secret', 'signature-secret'])
})
