export { asTyped } from './as-typed.ts'
export {
  commonEnvironment,
  dataEnvironment,
  flag,
  host,
  isSimulated,
  port,
  positiveInteger,
  redisEnvironment,
  settingsFile,
  trustProxy,
  vonageEnvironment,
} from './environment.ts'
export type { TrustedProxies } from './environment.ts'
export { notePresence, ownPresence, PRESENT_EVERY_MS, readPresence } from './presence.ts'
export type { Presence } from './presence.ts'
export { startHealth } from './health.ts'
export type { Health, HealthCheck } from './health.ts'
export { ConfigError, formatPath, loadConfig } from './load-config.ts'
export type { Environment, EnvironmentSchema } from './load-config.ts'
export { examineRedis } from './examine-redis.ts'
export type { RedisExamination } from './examine-redis.ts'
export { createJobMetrics } from './job-metrics.ts'
export { isLoopbackHost } from './loopback-host.ts'
export { networkOf } from './network-of.ts'
export { createLogger } from './logger.ts'
export type { Logger } from './logger.ts'
export { openDurableRedis, openWorkRedis, openFailFastRedis, openRedis, openRepairRedis } from './redis.ts'
export type { RedisConnection } from './redis.ts'
export { connectOnce } from './connect-once.ts'
export { checkOwner, ForeignDataError, splitIds } from './data-owner.ts'
export { parseRedisInfo, readRedisFacts } from './redis-facts.ts'
export type { RedisFacts } from './redis-facts.ts'
export { createRescueCounter, lookAfter } from './look-after.ts'
export { isRedisAway } from './redis-away.ts'
export { repeat, unlessAway } from './repeat.ts'
export { STOP_LIMIT_MS } from './stopping.ts'
export { runService } from './run-service.ts'
export type { ServiceContext } from './run-service.ts'
export { isTracing } from './tracing.ts'
export { createFailureThrottle } from './failure-throttle.ts'
export type { FailureThrottle } from './failure-throttle.ts'
export { createSeldom } from './seldom.ts'
export { createServer, get, STATUS_CODES } from './node-http.ts'
export { fastifyLimits, httpLimits, limitConnections } from './server-limits.ts'
