import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'

import { leftAfter, startFrontDoor } from '../support/front-door.ts'
import type { FrontDoorOptions } from '../support/front-door.ts'
import { startOldRedis, writeOldRedisServer } from '../support/old-redis.ts'

const root = resolve(import.meta.dirname, '..', '..')
const cleanup = new AsyncDisposableStack()
const folder = mkdtempSync(join(tmpdir(), 'switchboard-bad-input-'))
cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
/** Reads and says nothing. */
const taken = createServer((socket) => void socket.on('error', () => undefined).resume())
let takenPort: number
let oldRedis: Awaited<ReturnType<typeof startOldRedis>>

beforeAll(async () => {
  await new Promise<void>((listening) => void taken.listen(0, '127.0.0.1', listening))
  cleanup.defer(() => new Promise<void>((closed) => void taken.close(() => closed())))
  takenPort = (taken.address() as AddressInfo).port
  oldRedis = cleanup.use(await startOldRedis())
  writeOldRedisServer(folder)
  writeFileSync(join(folder, 'half.json'), '{ "senders": {')
})
afterAll(() => cleanup.disposeAsync())

/** What `npm start` prints instead of starting: exit 1, nothing of it left, no stack trace. */
async function refusalOf(options: FrontDoorOptions, { skip }: TestContext): Promise<string> {
  skip(process.platform !== 'linux', 'looks for processes in /proc')
  await using door = await startFrontDoor(options)
  expect(await door.ended, door.output()).toBe(1)
  expect(await leftAfter(1_000, door)).toEqual([])
  expect(door.output()).not.toMatch(/^ +at /m)
  return door.output()
}

describe.concurrent('npm start ends with what is wrong and what to do', () => {
  test('a port that is taken', async (context) => {
    const said = await refusalOf({ env: { ECHO_PORT: String(takenPort) } }, context)
    expect(said).toContain(
      `ECHO_PORT: port ${takenPort} is taken. Stop what uses it, or choose another with ECHO_PORT=…`,
    )
  })

  test('a configuration that is not JSON', async (context) => {
    const file = join(folder, 'half.json')
    const said = await refusalOf({ env: { SWITCHBOARD_CONFIG: file } }, context)
    expect(said.split(`SWITCHBOARD_CONFIG: cannot read ${file}`)).toHaveLength(2)
  })

  test('a Redis that accepts connections and never answers', async (context) => {
    const said = await refusalOf({ env: { REDIS_URL: `redis://:hidden@127.0.0.1:${takenPort}` } }, context)
    const problem = `the Redis at 127.0.0.1:${takenPort} cannot be used: no answer within 4 s. Start it, correct REDIS_URL`
    expect(said.split(problem)).toHaveLength(2)
    expect(said.split(String(takenPort))).toHaveLength(2)
    expect(said).not.toContain('hidden')
  })

  test('a REDIS_URL at which something else answers', async (context) => {
    await using other = createHttpServer((_request, response) => void response.end('hello'))
    await new Promise<void>((listening) => void other.listen(0, '127.0.0.1', listening))
    const { port } = other.address() as AddressInfo
    const said = await refusalOf({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } }, context)
    expect(said).toContain(`the Redis at 127.0.0.1:${port} cannot be used: what answers there is no Redis. Start it,`)
  })

  test('a Redis 6 by its address', async (context) => {
    const said = await refusalOf({ env: { REDIS_URL: oldRedis.url } }, context)
    expect(said).toContain('is version 6.2.14, and 7 or newer is needed. Update it, or use another.')
  })

  test('a Redis 6 on PATH', async (context) => {
    const PATH = [folder, process.env['PATH']].join(delimiter)
    const said = await refusalOf({ env: { PATH } }, context)
    expect(said).toContain(`${join(folder, 'redis-server')} is version 6.0.16, and Switchboard needs Redis 7 or newer`)
    expect(said).toContain('set REDIS_URL to a newer one, or take it off your PATH')
  })

  test('a data folder below a file', async (context) => {
    const dataFolder = join(folder, 'half.json', 'data')
    const said = await refusalOf({ dataFolder }, context)
    expect(said).toContain(`Cannot write to ${dataFolder}. A part of its path is a file, or choose another folder`)
  })

  test('a data folder that is read-only', async (context) => {
    const { dataFolder, within } = mounted('read-only', 'ro', ':', context)
    const said = await refusalOf({ dataFolder, within }, context)
    expect(said).toContain(`Cannot write to ${dataFolder}. It cannot be written to at all, or choose another folder`)
  })

  // So many pages are left: none, enough to begin with, enough for Redis but not for every secret.
  test.for([0, 3, 6, 10])('a disk that has %i pages left', async (pages, context) => {
    const fill = `head -c ${(32 - pages) * 4_096} /dev/zero > "$1"/filled`
    const { dataFolder, within } = mounted(`full-${pages}`, 'size=128k', fill, context)
    const thenListEmpty =
      '"$@"; code=$?; echo "empty or half: $(find "$0" -name "*.draft" -o -name "*.tmp" -o -size 0 ! -path "*.aof" -type f)."; exit $code'
    const said = await refusalOf({ dataFolder, within: [...within, 'sh', '-c', thenListEmpty, dataFolder] }, context)
    expect(said).toMatch(/disk is full: make room/i)
    expect(said).toMatch(/^empty or half: \.$/m)
  })
})

/** A folder that is a file system of its own, for `npm start` alone. */
function mounted(name: string, options: string, prepare: string, { skip }: TestContext) {
  const mount = ['unshare', '--map-root-user', '--mount', 'sh', '-c']
  const script = `mkdir -p "$1" && mount -t tmpfs -o ${options} tmpfs "$1" || exit 77; ${prepare}; shift; exec "$@"`
  const dataFolder = join(folder, name)
  const within = [...mount, script, 'sh', dataFolder]
  const [command, ...args] = [...within, 'true']
  skip(spawnSync(command, args).status !== 0, 'nobody may mount anything here')
  return { dataFolder, within }
}

test('a Node that is too old is named, with where to get another', () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });
    Object.defineProperty(process, 'version', { value: 'v18.20.0' })`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(older)}`, 'scripts/bootstrap.mjs', 'node', '-v']
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toBe('Switchboard needs Node 20 or newer, and this is v18.20.0. Get one from https://nodejs.org\n')
})
