import type { FastifyInstance } from 'fastify'

import { accountRoutes } from './account.ts'
import { accountsRoutes } from './accounts.ts'
import { alertRoutes } from './alerts.ts'
import { auditRoutes } from './audit.ts'
import { callRoutes } from './calls.ts'
import { configurationRoutes } from './configuration.ts'
import { failedRoutes } from './failed.ts'
import { mailingRoutes } from './mailings.ts'
import { messageRoutes } from './messages.ts'
import { notificationRoutes } from './notifications.ts'
import { overviewRoutes } from './overview.ts'
import { peopleRoutes } from './people.ts'
import { queueRoutes } from './queue.ts'
import type { RouteDeps } from './route-deps.ts'
import { searchRoutes } from './search.ts'
import { secondFactorRoutes } from './second-factor.ts'
import { senderRoutes } from './senders.ts'
import { tokenRoutes } from './tokens.ts'

/** Every page behind the login. */
export function registerRoutes(app: FastifyInstance, deps: RouteDeps): void {
  overviewRoutes(app, deps)
  alertRoutes(app, deps)
  notificationRoutes(app, deps)
  mailingRoutes(app, deps)
  peopleRoutes(app, deps)
  callRoutes(app, deps)
  messageRoutes(app, deps)
  failedRoutes(app, deps)
  queueRoutes(app, deps)
  auditRoutes(app, deps)
  configurationRoutes(app, deps)
  searchRoutes(app, deps)
  senderRoutes(app, deps)
  accountRoutes(app, deps)
  secondFactorRoutes(app, deps)
  accountsRoutes(app, deps)
  tokenRoutes(app, deps)
}
