import { auditEntryQueue, limitsInForce } from '@switchboard/contracts'
import { createFailedJobs, createJobs, createOutbox, createProducer, openQueues, wakeDelayed } from '@switchboard/queue'
import { isSimulated, openRepairRedis, readPresence, runService } from '@switchboard/runtime'
import {
  createAccounts,
  createApiTokens,
  createAudit,
  createEndedSessions,
  createOpenSessions,
  createUsedTickets,
} from '@switchboard/store'

import { createAccountActs } from './accounts/acts.ts'
import { buildApp } from './app.ts'
import { createCheckLogin } from './auth/check-login.ts'
import { createKnownBrowsers } from './auth/known-browsers.ts'
import { createLoginThrottle } from './auth/login-throttle.ts'
import { createOidc } from './auth/oidc.ts'
import { createPasswords } from './auth/passwords.ts'
import { createSecondFactorRule } from './auth/second-factor-rule.ts'
import { createSessions } from './auth/sessions.ts'
import { configSchema, oidcSettingsOf, ticketSecretOf } from './config.ts'
import { createFailedRuns } from './failed-run.ts'
import { keepTrail } from './keep-trail.ts'
import { keepMailings } from './mailings/ask-rows.ts'
import { createLoginFailureCounter, createStateMetrics } from './metrics.ts'
import { openProducers } from './open-producers.ts'
import { openReads } from './open-reads.ts'
import { openStores } from './open-stores.ts'
import { createRemembered } from './remembered.ts'
import { sampleDepths } from './sample-depths.ts'
import { createTrail } from './trail.ts'
import { watchTokens } from './watch-tokens.ts'

await runService('console', configSchema, process.env, async ({ config, log, health, stack, stopping, clock }) => {
  const redis = stack.use(openRepairRedis({ config, log, health, stopping, clock }))
  const queues = stack.use(openQueues(redis))
  const outbox = stack.use(createOutbox(redis))
  const now = Date.now
  const isOurs = keepTrail({ config, log, health, stack, stopping })
  const stores = openStores(redis)
  const reads = openReads({ queues, redis, stores, now })
  void sampleDepths({ isOurs, depths: stores.queueDepths, readQueues: reads.readQueues, log, stopping, stack, now })
  createStateMetrics(health.metrics, {
    ...reads,
    countOpenAlerts: stores.alerts.countWalking,
    countBlockedAlerts: () => stores.alerts.countBlocked(now()),
    countFollowUps: stores.followUps.countOpen,
    now,
  })
  const apiTokens = createApiTokens(redis)
  stack.use(watchTokens(health.metrics, { apiTokens, now, log }))
  const failed = createFailedJobs(queues)
  const accounts = createAccounts(redis)
  const trail = createTrail(stack.use(createProducer(auditEntryQueue, redis)))
  const passwords = { admin: config.CONSOLE_PASSWORD, viewer: config.CONSOLE_VIEWER_PASSWORD }
  const readAccounts = createRemembered(() => accounts.list(), { maxAgeMs: 900, now })
  const secondFactor = createSecondFactorRule({ isRequired: config.CONSOLE_REQUIRE_SECOND_FACTOR, readAccounts })
  const oidc = oidcSettingsOf(config)
  const producers = openProducers(stack, redis)
  const settings = config.SWITCHBOARD_CONFIG
  void keepMailings({ isOurs, stores, ...producers, settings, log, stopping, stack })
  const app = await buildApp({
    log,
    now,
    trustProxy: config.TRUST_PROXY,
    sessions: createSessions({
      secret: config.SESSION_SECRET,
      ttlSeconds: config.CONSOLE_SESSION_HOURS * 3_600,
      now,
      passwords,
      accounts,
      secondFactor,
      ended: createEndedSessions(redis),
    }),
    checkLogin: createCheckLogin(accounts, createPasswords(passwords)),
    accounts,
    secondFactor,
    readAccounts,
    openSessions: createOpenSessions(redis),
    acts: createAccountActs({ accounts, trail, now }),
    apiTokens,
    sessionSecret: config.SESSION_SECRET,
    consoleUrl: config.CONSOLE_URL,
    oidc: oidc && createOidc({ ...oidc, sessionSecret: config.SESSION_SECRET, now }),
    loginThrottle: createLoginThrottle({ max: config.CONSOLE_LOGIN_ATTEMPTS, now }),
    loginAttempts: config.CONSOLE_LOGIN_ATTEMPTS,
    knownBrowsers: createKnownBrowsers({ secret: config.SESSION_SECRET, now }),
    countFailure: createLoginFailureCounter(health.metrics),
    audit: createAudit(redis),
    trail,
    ticketSecret: ticketSecretOf(config),
    usedTickets: createUsedTickets(redis),
    settings,
    environment: process.env,
    limits: limitsInForce(config.SWITCHBOARD_CONFIG.limits, isSimulated(config)),
    queues,
    ...reads,
    readPresence: () => readPresence(redis),
    wake: (name) => wakeDelayed(queues, name),
    failed,
    jobs: createJobs(queues),
    failedRuns: createFailedRuns({ failed, log, signal: stopping.signal, now }),
    stores,
    send: outbox.send,
    ...producers,
  })
  stack.defer(() => app.close())
  await app.listen({ port: config.CONSOLE_PORT, host: config.CONSOLE_HOST })
  log.info({ port: config.CONSOLE_PORT }, 'console.listening')
})
