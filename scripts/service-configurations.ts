import { ConfigError, loadConfig } from '@switchboard/runtime'
import type { Environment, EnvironmentSchema } from '@switchboard/runtime'

import { configSchema as consoleSchema } from '../services/console/src/config.ts'
import { configSchema as echoSchema } from '../services/echo/src/config.ts'
import { configSchema as failoverSchema } from '../services/failover/src/config.ts'
import { configSchema as feedsSchema } from '../services/feeds/src/config.ts'
import { configSchema as routerSchema } from '../services/inbound-router/src/config.ts'
import { configSchema as ingressSchema } from '../services/ingress/src/config.ts'
import { configSchema as notificationsSchema } from '../services/notifications/src/config.ts'
import { configSchema as outboundSchema } from '../services/outbound/src/config.ts'
import { configSchema as subscriptionsSchema } from '../services/subscriptions/src/config.ts'

const schemas: EnvironmentSchema<unknown>[] = [
  ingressSchema,
  outboundSchema,
  routerSchema,
  subscriptionsSchema,
  feedsSchema,
  notificationsSchema,
  failoverSchema,
  echoSchema,
  consoleSchema,
]

/** All that any service would say about this environment and the configuration it names, once each. */
export function findConfigurationProblems(environment: Environment): string[] {
  return [...new Set(schemas.flatMap((schema) => problemsOf(schema, environment)))]
}

function problemsOf(schema: EnvironmentSchema<unknown>, environment: Environment): string[] {
  try {
    loadConfig(schema, environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
