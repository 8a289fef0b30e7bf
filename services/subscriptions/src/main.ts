import { auditEntryQueue, signupRequestQueue, subscriptionRequestQueue } from '@switchboard/contracts'
import { createOutbox, createProducer, startWorker } from '@switchboard/queue'
import { createJobMetrics, createRescueCounter, lookAfter, openRedis, runService } from '@switchboard/runtime'
import { createConsent, createFeedValues, createSignups, createSubscriptions } from '@switchboard/store'

import { configSchema } from './config.ts'
import { createSubscriptionHandler } from './handler.ts'
import { createSignupHandler } from './signup-handler.ts'
import { createSignupLink } from './signup-link.ts'
import { createSignupWorkflow } from './signup-workflow.ts'
import { createSubscriptionWorkflow } from './subscription-workflow.ts'

await runService(
  'subscriptions',
  configSchema,
  process.env,
  async ({ config, log, health, stack, stopping, clock }) => {
    const redis = stack.use(await openRedis({ config, log, health, stopping, clock }))
    const deps = {
      subscriptions: createSubscriptions(redis),
      feedValues: createFeedValues(redis),
      signups: createSignups(redis),
      consent: createConsent(redis),
      subscriptionRequests: stack.use(createProducer(subscriptionRequestQueue, redis)),
      trail: stack.use(createProducer(auditEntryQueue, redis)),
      send: stack.use(createOutbox(redis)).send,
      link: createSignupLink({ publicUrl: config.PUBLIC_URL, secret: config.SESSION_SECRET }),
      settings: config.SWITCHBOARD_CONFIG,
      now: Date.now,
      log,
      countRescue: createRescueCounter(health.metrics),
    }
    const workflow = createSubscriptionWorkflow(deps)
    const signupWorkflow = createSignupWorkflow(deps)
    stack.use(lookAfter(workflow, { redis, log }))
    stack.use(lookAfter(signupWorkflow, { redis, log }))
    const observe = createJobMetrics(health.metrics)
    const options = {
      redis,
      log,
      health,
      signal: stopping.signal,
      observe,
      concurrency: config.SUBSCRIPTIONS_CONCURRENCY,
    }
    stack.use(startWorker(subscriptionRequestQueue, createSubscriptionHandler({ ...deps, workflow }), options))
    stack.use(startWorker(signupRequestQueue, createSignupHandler({ ...deps, workflow: signupWorkflow }), options))
  },
)
