/*
 * Run by docker compose before everything else. All secrets lie in one volume that nobody else mounts; from there each
 * service gets a volume with its own. What is there already is kept.
 *
 *   node scripts/compose-secrets.ts <all> <handed out> [<those of the simulator>]
 */
import { createPublicKey } from 'node:crypto'
import { join } from 'node:path'

import { splitKeys } from '../packages/vonage/src/application-token.ts'
import { loadCredentials, loadTicketSecret } from '../services/simulator/src/credentials.ts'
import { redisAcl, redisUsers } from './redis-users.ts'
import { ensureSecret, ensureSecrets, readSecret, writeWhole } from './secrets.ts'

/** The files of each service, by name. */
type Handed = Record<string, Record<string, string>>

const [all = '/secrets', handedOut = '/handed-out', simulated] = process.argv.slice(2)
const ours = ourSecrets(all)
const files = [ours, ...(simulated === undefined ? [] : [simulatedAccount(simulated)])]
for (const service of Object.keys(ours)) {
  for (const handed of files) {
    for (const [file, text] of Object.entries(handed[service] ?? {})) {
      // Some of them run as another user than we do; nobody else mounts this volume.
      writeWhole(join(handedOut, service, file), `${text}\n`, 0o444)
    }
  }
}
console.log('To see what you need:')
console.log('  docker compose exec ingress cat /secrets/api-tokens')
console.log('  docker compose exec console cat /secrets/console-password')

function ourSecrets(folder: string): Handed {
  const secrets = ensureSecrets(folder)
  const apiTokens = readSecret(secrets.API_TOKENS)
  const sessionSecret = readSecret(secrets.SESSION_SECRET)
  const echoSecret = readSecret(secrets.ECHO_TOKEN_SECRET)
  const redisPassword = (user: string) => readSecret(ensureSecret(folder, `redis-password-${user}`, 24))
  const redisUrls = Object.fromEntries(
    redisUsers.map((name) => [name, { 'redis-url': `redis://${name}:${redisPassword(name)}@redis:6379` }]),
  )
  return {
    ...redisUrls,
    ingress: {
      ...redisUrls['ingress'],
      'api-tokens': apiTokens,
      'session-secret': sessionSecret,
      'echo-token-secret': echoSecret,
      'public-key': publicKeyOf(process.env['VONAGE_PRIVATE_KEY']),
    },
    subscriptions: { ...redisUrls['subscriptions'], 'session-secret': sessionSecret },
    failover: { ...redisUrls['failover'], 'session-secret': sessionSecret },
    console: {
      ...redisUrls['console'],
      'session-secret': sessionSecret,
      'console-password': readSecret(secrets.CONSOLE_PASSWORD),
    },
    echo: { 'echo-token-secret': echoSecret },
    simulator: { 'api-tokens': apiTokens },
    redis: { 'users.acl': redisAcl(redisPassword), 'admin-password': redisPassword('admin') },
    grafana: {
      'admin-password': process.env['GRAFANA_PASSWORD'] || readSecret(ensureSecret(folder, 'grafana-password', 18)),
    },
  }
}

/** What a simulated Vonage gives its customer. */
function simulatedAccount(folder: string): Handed {
  const credentials = loadCredentials(folder, {})
  const owner = { 'application-id': credentials.applicationId }
  const key = { 'api-key': credentials.apiKey, 'api-secret': credentials.apiSecret }
  const signature = { 'signature-secret': credentials.signatureSecret }
  const caller = { ...owner, ...key, 'private-key': readSecret(join(folder, 'private.key')) }
  return {
    ...Object.fromEntries(redisUsers.map((name) => [name, owner])),
    ingress: { ...owner, ...key, ...signature, 'public-key': credentials.publicKey.trim() },
    failover: { ...caller, ...signature },
    outbound: caller,
    console: { ...owner, 'console-ticket-secret': loadTicketSecret(folder) },
  }
}

/** Enough for ingress to know the programs that call its Dispatch endpoint; empty counts as none. */
function publicKeyOf(privateKey: string | undefined): string {
  if (!privateKey) return ''
  const keys = splitKeys(privateKey).map((pem) => createPublicKey(pem).export({ type: 'spki', format: 'pem' }))
  return keys.join('').trim()
}
