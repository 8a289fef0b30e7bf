import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { connectOnce } from '@switchboard/runtime'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import type { TestContext } from 'vitest'

import { startProcess, untilReady } from '../../scripts/managed-process.ts'
import { findFreePort } from '../../scripts/ports.ts'
import { redisAcl } from '../../scripts/redis-users.ts'
import { findRedisServer } from '../../scripts/redis.ts'
import { eventually } from '../support/eventually.ts'
import { serviceEnvironment, startService } from '../support/service.ts'
import { signAsVonage } from '../support/sign-webhook.ts'

const LIMIT_MS = 10_000
const passwordOf = (user: string) => `password-of-${user}`

test('over TLS, each service under its own name, with a certificate of our own authority', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-tls-'))
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  makeCertificates(context, folder)
  const ca = readFileSync(join(folder, 'ca.crt'), 'utf8')
  const port = await startTlsRedis(context, folder, cleanup)
  const url = (user: string) => `rediss://${user}:${passwordOf(user)}@localhost:${port}`
  const shared = { ...serviceEnvironment({ redisUrl: '', folder, config: {} }), REDIS_CA: ca }

  const ingressPort = await findFreePort()
  const refused: string[] = []
  const onLine = (line: string) => void (/NOPERM|permission/.test(line) && refused.push(line))
  for (const [service, env] of [
    ['ingress', { INGRESS_PORT: String(ingressPort) }],
    ['inbound-router', {}],
  ] as const) {
    cleanup.use(await startService(service, { ...shared, ...env, REDIS_URL: url(service) }, onLine))
  }

  const body = JSON.stringify({
    message_uuid: 'tls-1',
    channel: 'sms',
    from: '447700900010',
    to: '447700900000',
    text: 'STOP',
  })
  const headers = { authorization: signAsVonage(body), 'content-type': 'application/json' }
  await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${ingressPort}/webhooks/inbound`, { method: 'POST', headers, body })
    expect(answer.status).toBe(200)
  })
  const admin = new Redis(url('admin'), { tls: { ca } })
  cleanup.defer(() => admin.disconnect())
  // Ingress has put it there, the router has taken it.
  await eventually(async () => expect(await admin.keys('sb:consent:*')).toHaveLength(1))
  await eventually(async () => expect(await admin.keys('sb:processed:*')).toHaveLength(1))
  expect(refused).toEqual([])
  const log = await admin.call('ACL', 'LOG')
  expect(log).toEqual([])
})

test('a certificate that nobody vouches for is not believed, and without TLS nobody answers', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-tls-'))
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  makeCertificates(context, folder)
  const port = await startTlsRedis(context, folder, cleanup)
  const address = `//feeds:${passwordOf('feeds')}@localhost:${port}`
  const ca = readFileSync(join(folder, 'ca.crt'), 'utf8')
  expect(await pingOver({ REDIS_URL: `rediss:${address}`, REDIS_CA: ca })).toBe('PONG')
  await expect(pingOver({ REDIS_URL: `rediss:${address}` })).rejects.toThrow(/certificate/)
  await expect(pingOver({ REDIS_URL: `redis:${address}` })).rejects.toThrow()
  await expect(pingOver({ REDIS_URL: `rediss://localhost:${port}`, REDIS_CA: ca })).rejects.toThrow(/NOAUTH/)
})

async function pingOver(config: { REDIS_URL: string; REDIS_CA?: string }): Promise<string> {
  await using client = await connectOnce({ REDIS_CLUSTER: false, REDIS_SENTINEL_MASTER: '', ...config }, LIMIT_MS)
  return client.ping()
}

/** An authority of our own, and what it vouches for: localhost. */
function makeCertificates(context: TestContext, folder: string): void {
  if (spawnSync('openssl', ['version']).error) context.skip('making certificates needs openssl on PATH')
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=Authority of the tests')
  openssl('req', ...key.slice(0, 3), '-keyout', 'redis.key', '-out', 'redis.csr', '-subj', '/CN=localhost')
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost')
  const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2']
  openssl('x509', '-req', '-in', 'redis.csr', ...by, '-out', 'redis.crt')
}

/** The port of a redis-server that speaks nothing but TLS and knows the users of docker compose. */
async function startTlsRedis(context: TestContext, folder: string, cleanup: AsyncDisposableStack): Promise<number> {
  const binary = findRedisServer()
  if (!binary) return context.skip('TLS needs redis-server or valkey-server on PATH')
  writeFileSync(join(folder, 'users.acl'), redisAcl(passwordOf))
  const port = await findFreePort()
  const tls = ['--tls-port', String(port), '--tls-cert-file', 'redis.crt', '--tls-key-file', 'redis.key']
  const args = [
    '--port',
    '0',
    ...tls,
    '--tls-ca-cert-file',
    'ca.crt',
    '--tls-auth-clients',
    'no',
    '--bind',
    '127.0.0.1',
  ]
  const kept = ['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction', '--aclfile', 'users.acl']
  const started = startProcess({ name: 'redis', command: binary, args: [...args, ...kept], env: {}, cwd: folder })
  cleanup.use(started)
  const ca = readFileSync(join(folder, 'ca.crt'), 'utf8')
  await untilReady(started, async () => {
    const config = { REDIS_URL: `rediss://admin:${passwordOf('admin')}@localhost:${port}`, REDIS_CA: ca }
    return pingOver(config).then(
      () => undefined,
      ({ message }: Error) => message,
    )
  })
  return port
}
