import { createPublicKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Credentials {
  applicationId: string
  /** Public key of the application, PEM: what its requests are verified with. */
  publicKey: string
  apiKey: string
  apiSecret: string
  signatureSecret: string
}

export interface GivenCredentials {
  applicationId?: string | undefined
  privateKey?: string | undefined
  publicKey?: string | undefined
  apiKey?: string | undefined
  apiSecret?: string | undefined
  signatureSecret?: string | undefined
}

/**
 * Values given win; the rest is read from the folder, one value per file, and made there on the first start.
 * The private key is only ever made for the application to use: the simulator itself needs the public one.
 */
export function loadCredentials(folder: string, given: GivenCredentials): Credentials {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const kept: Kept = (name, value, make) => value ?? keptIn(folder, name, make)
  return {
    publicKey: loadPublicKey(folder, given, kept),
    apiKey: kept('api-key', given.apiKey, () => randomBytes(4).toString('hex')),
    apiSecret: kept('api-secret', given.apiSecret, () => randomBytes(12).toString('base64url')),
    signatureSecret: kept('signature-secret', given.signatureSecret, () => randomBytes(32).toString('base64url')),
    // Last: whoever waits for this file finds the others complete.
    applicationId: kept('application-id', given.applicationId, () => randomUUID()),
  }
}

/** What lets browsers into the console without a password: whoever may read this folder may let them in. */
export function loadTicketSecret(folder: string): string {
  return keptIn(folder, 'console-ticket-secret', () => randomBytes(32).toString('base64url'))
}

function keptIn(folder: string, name: string, make: () => string): string {
  const path = join(folder, name)
  if (!existsSync(path)) writeSecret(path, make())
  return readFileSync(path, 'utf8').trim()
}

type Kept = (name: string, value: string | undefined, make: () => string) => string

function loadPublicKey(folder: string, given: GivenCredentials, kept: Kept): string {
  if (given.publicKey !== undefined) return restoreNewlines(given.publicKey)
  if (given.privateKey !== undefined) return publicKeyOf(restoreNewlines(given.privateKey))
  const privateKey = kept('private.key', undefined, generatePrivateKey)
  const publicKey = publicKeyOf(privateKey)
  const path = join(folder, 'public.key')
  if (!existsSync(path) || readFileSync(path, 'utf8').trim() !== publicKey.trim()) writeSecret(path, publicKey)
  return publicKey
}

function generatePrivateKey(): string {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return pair.privateKey
}

function publicKeyOf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
}

/** PEM values in environment variables often carry `\n` as two characters. */
function restoreNewlines(pem: string): string {
  return pem.includes('\n') ? pem : pem.replaceAll(String.raw`\n`, '\n')
}

/** Written aside and renamed: a reader sees nothing or the whole value. */
function writeSecret(path: string, value: string): void {
  const aside = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(aside, value.endsWith('\n') ? value : `${value}\n`, { mode: 0o600 })
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}
