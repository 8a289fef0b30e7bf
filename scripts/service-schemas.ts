import type { ServiceName } from '@switchboard/contracts'
import type { EnvironmentSchema } from '@switchboard/runtime'

import { configSchema as consoleSchema } from '../services/console/src/config.ts'
import { configSchema as echoSchema } from '../services/echo/src/config.ts'
import { configSchema as failoverSchema } from '../services/failover/src/config.ts'
import { configSchema as feedsSchema } from '../services/feeds/src/config.ts'
import { configSchema as routerSchema } from '../services/inbound-router/src/config.ts'
import { configSchema as ingressSchema } from '../services/ingress/src/config.ts'
import { configSchema as notificationsSchema } from '../services/notifications/src/config.ts'
import { configSchema as outboundSchema } from '../services/outbound/src/config.ts'
import { configSchema as simulatorSchema } from '../services/simulator/src/config.ts'
import { configSchema as subscriptionsSchema } from '../services/subscriptions/src/config.ts'

/** What each service reads from its environment. */
export const serviceSchemas: Record<ServiceName, EnvironmentSchema<unknown>> = {
  ingress: ingressSchema,
  'inbound-router': routerSchema,
  subscriptions: subscriptionsSchema,
  feeds: feedsSchema,
  notifications: notificationsSchema,
  failover: failoverSchema,
  outbound: outboundSchema,
  echo: echoSchema,
  console: consoleSchema,
  simulator: simulatorSchema,
}

/** Read by scripts, docker compose and Node itself, not by a service. */
const otherVariables = [
  'SWITCHBOARD_DATA',
  'SWITCHBOARD_URL',
  'COMPOSE_FILE',
  'COMPOSE_PROJECT_NAME',
  'COMPOSE_PROFILES',
  'GRAFANA_PORT',
  'GRAFANA_PASSWORD',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'NODE_ENV',
  'NODE_OPTIONS',
]

/** Every variable that somebody reads, each also as `…_FILE`. */
export const knownVariables: ReadonlySet<string> = new Set([
  ...Object.values(serviceSchemas).flatMap(({ shape }) => Object.keys(shape).flatMap((name) => [name, `${name}_FILE`])),
  ...otherVariables,
])
