import { Cluster, Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'

import { followRedisTime } from './clock.ts'
import type { Clock } from './clock.ts'
import { requireOwner } from './data-owner.ts'
import { gatherWrites } from './gather-writes.ts'
import type { Health } from './health.ts'
import type { Logger } from './logger.ts'
import { keepPresent } from './presence.ts'
import { createReadAccess, createWriteAccess } from './redis-access.ts'
import { createRedisContact } from './redis-contact.ts'
import { checkSettings } from './redis-settings.ts'
import type { Stopping } from './stopping.ts'

export type RedisConnection = (Redis | Cluster) & AsyncDisposable

export interface RedisConfig {
  REDIS_URL: string
  REDIS_CA?: string | undefined
  REDIS_CLUSTER: boolean
  REDIS_SENTINELS?: { host: string; port: number }[] | undefined
  REDIS_SENTINEL_MASTER: string
  REDIS_SENTINEL_PASSWORD?: string | undefined
}

interface RedisContext {
  /** Whose data it may hold; whoever names nobody takes any. */
  config: RedisConfig & { VONAGE_APPLICATION_ID?: string | readonly string[] }
  log: Logger
  health: Health
  stopping: Stopping
  clock: Clock
}

/**
 * For workers: commands wait for Redis to come back. The job they belong to is tried again if they cannot. Resolves once
 * Redis is there and holds our data: nobody works on another application's.
 */
export async function openRedis(context: RedisContext): Promise<RedisConnection> {
  const { client, isOurs } = connectFirst(context, { maxRetriesPerRequest: null })
  const access = createWriteAccess(client)
  context.health.addReadiness('redis', access.problem, access.sample)
  await isOurs
  return client
}

/** For HTTP services: a command fails within 1.5 s when Redis is away, so that the caller gets a 503 and retries. */
export function openFailFastRedis(context: RedisContext): RedisConnection {
  const { client } = connectFirst(context, failFast)
  const access = createWriteAccess(client)
  context.health.addReadiness('redis', access.problem, access.sample)
  return client
}

/** As `openFailFastRedis`, for who is ready while Redis can be read: the console, where a full one is mended. */
export function openRepairRedis(context: RedisContext): RedisConnection {
  const { client } = connectFirst(context, failFast)
  const access = createReadAccess(client)
  context.health.addReadiness('redis', access.problem, access.sample)
  return client
}

/**
 * As `openFailFastRedis` and beside it, for commands that wait up to 3 s for the disk (WAITAOF); nothing else should share
 * it. The clock of the process follows the other connection.
 */
export function openDurableRedis(context: Omit<RedisContext, 'clock'>): RedisConnection {
  return connect(context, { ...failFast, commandTimeout: 3_500 }, 'durable redis')
}

/**
 * As `openDurableRedis`, for workers of an HTTP service: their commands wait for Redis to come back, and `isOurs` resolves
 * once Redis is there and holds our data: nobody works on another application's.
 */
export function openWorkRedis(context: Omit<RedisContext, 'clock'>): {
  client: RedisConnection
  isOurs: Promise<void>
} {
  const client = connect(context, { maxRetriesPerRequest: null }, 'work redis')
  return { client, isOurs: waitUntilOurs(client, context) }
}

const failFast = { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 1_500 }

/** How every connection of ours behaves; BullMQ's copies of it for its blocking commands, too. */
const resilient = {
  connectTimeout: 3_000,
  retryStrategy: (times: number) => Math.min(times * 100, 1_000),
  /**
   * Whatever waits for an answer and has read nothing for so long is closed and opened anew: packets may be dropped
   * without a word for a quarter of an hour. Workers block for 3 s at most. What was not answered is sent again.
   */
  socketTimeout: 4_000,
  keepAlive: 5_000,
  maxLoadingRetryTime: 1_000,
  reconnectOnError: (error: Error) => (ANOTHER_ROLE.test(error.message) ? RECONNECT_AND_RESEND : false),
} as const satisfies RedisOptions

interface CommandOptions {
  maxRetriesPerRequest: number | null
  enableOfflineQueue?: boolean
  commandTimeout?: number
}

/**
 * The server answers, but is no longer the one to talk to: a master that became a replica, a replica without a master, one
 * that loads its data. Connecting again finds the new master, or waits until this one is well.
 */
const ANOTHER_ROLE = /^(READONLY|LOADING|MASTERDOWN|UNBLOCKED)\b/
const RECONNECT_AND_RESEND = 2

/** A process has one clock, and its first connection sets it. So it does whose data this is, at every connect. */
function connectFirst(context: RedisContext, options: CommandOptions) {
  const client = connect(context, options)
  followRedisTime(client, context)
  let isKnown = false
  const isOurs = waitUntilOurs(client, context).then(() => void (isKnown = true))
  void isOurs.then(() => keepPresent(client, context.health.service, context.stopping.signal))
  context.health.addReadiness('data', () => (isKnown ? undefined : 'not known yet whose this Redis holds'))
  return { client, isOurs }
}

function waitUntilOurs(client: RedisConnection, { config, log }: Omit<RedisContext, 'clock'>): Promise<void> {
  const ids = String(config.VONAGE_APPLICATION_ID ?? '')
  return new Promise<void>((resolve) => {
    client.on('ready', () => void (ids === '' ? resolve() : requireOwner(client, ids, log).then(resolve)))
  })
}

function connect(
  { config, log, health, stopping }: Omit<RedisContext, 'clock'>,
  options: CommandOptions,
  /** In what /livez says. */
  name = 'redis',
): RedisConnection {
  const client = config.REDIS_CLUSTER ? openCluster(config, options) : openSingle(config, options)
  let lastReason: string | undefined
  client.on('error', (error: Error & { code?: string }) => {
    // Several addresses that all refuse make one error without a message.
    const reason = error.message || error.code || error.name
    // A reconnect loop would repeat the same line several times a second.
    if (reason !== lastReason) log.error({ reason }, 'redis.unreachable')
    lastReason = reason
  })
  client.on('ready', () => {
    lastReason = undefined
    log.info('redis.ready')
    void checkSettings(client, log)
  })
  const contact = createRedisContact(client)
  health.addLiveness(name, contact.problem, async () => contact.look())
  stopping.dependsOn(contact.awayForMs)
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      client.disconnect()
    },
  })
}

/** One server, or the master that Sentinels name: asked at every connect. */
function openSingle(config: RedisConfig, options: CommandOptions): Redis {
  const client = new Redis(config.REDIS_URL, {
    ...resilient,
    ...options,
    ...tlsOptions(config),
    ...sentinelOptions(config),
  })
  gatherWrites(client)
  return client
}

/** Where to ask for the master; nothing where REDIS_URL is it. */
export function sentinelOptions(config: RedisConfig) {
  const { REDIS_SENTINELS: sentinels, REDIS_SENTINEL_MASTER: name, REDIS_SENTINEL_PASSWORD: password } = config
  if (!sentinels) return {}
  return { sentinels, name, ...(password === undefined ? {} : { sentinelPassword: password }) }
}

/** Whose certificate is believed where the URL is `rediss://`; without one of ours, that of the public authorities. */
export function tlsOptions({ REDIS_URL: url, REDIS_CA: ca }: RedisConfig) {
  return ca !== undefined && url.startsWith('rediss:') ? { tls: { ca } } : {}
}

function openCluster(config: RedisConfig, { enableOfflineQueue = true, ...options }: CommandOptions): Cluster {
  const redisOptions = { ...resilient, ...options, ...tlsOptions(config) }
  const client = new Cluster([config.REDIS_URL], { enableOfflineQueue, redisOptions })
  client.on('+node', gatherWrites)
  return client
}
