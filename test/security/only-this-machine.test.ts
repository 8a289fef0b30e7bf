import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { startFrontDoor } from '../support/front-door.ts'
import type { FrontDoor, FrontDoorOptions } from '../support/front-door.ts'
import { listeningAddresses } from '../support/listening.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const account = {
  VONAGE_APPLICATION_ID: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
  VONAGE_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  VONAGE_SIGNATURE_SECRET: 'signature-secret-of-the-tests',
}

test.for<[string, FrontDoorOptions & { services: number; isReal: boolean }]>([
  ['a simulator and a Redis in memory', { withRedis: false, services: 10, isReal: false }],
  ['an account and a Redis of its own', { env: account, args: ['--verbose'], services: 9, isReal: true }],
])('npm start with %s: nobody else can reach it, or read its secrets', async ([, options], { skip }) => {
  skip(process.platform !== 'linux', 'looks for sockets in /proc')
  await using door = await startFrontDoor(options)
  await door.printed('Ctrl-C stops everything')

  const { ingress, echo, console, simulator } = door.ports
  const addresses = listeningAddresses(door.processes().map(({ pid }) => pid))
  expect(addresses.filter((address) => !address.startsWith('127.0.0.1:'))).toEqual([])
  const pages = options.isReal ? [ingress, echo, console] : [ingress, echo, console, simulator]
  expect(addresses).toEqual(expect.arrayContaining(pages.map((port) => `127.0.0.1:${port}`)))
  // Those, a health port each, and Redis.
  expect(new Set(addresses).size).toBe(pages.length + options.services + 1)

  expect(await withoutPassword(door)).toContain('NOAUTH')
  expect(statSync(door.dataFolder).mode & 0o777).toBe(0o700)
  for (const file of ['console-password', 'api-tokens']) {
    const path = join(door.dataFolder, 'secrets', file)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(door.output().includes(readFileSync(path, 'utf8').trim()), file).toBe(!options.isReal)
    expect(door.output().includes(path), file).toBe(options.isReal)
  }
  expect(/Health .*ingress \d+/.test(door.output())).toBe(options.isReal)
})

/** What the Redis of `npm start` answers to somebody who has no password for it. */
async function withoutPassword(door: FrontDoor): Promise<string> {
  const socket = connect(Number(/on port (\d+)/.exec(door.output())?.[1]), '127.0.0.1')
  socket.write('*2\r\n$3\r\nGET\r\n$14\r\nsb:application\r\n')
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return String(answer)
}
