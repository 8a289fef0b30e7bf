import { alertBundleQueue, bundleDueQueue, bundleSettings } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { createAlerts, createBundles } from '@switchboard/store'
import type { Redis } from 'ioredis'

import { createBundling } from '../../services/failover/src/bundling.ts'
import type { Bundling, BundlingDeps } from '../../services/failover/src/bundling.ts'

/** The part of the failover service that gathers messages to one person. */
export function openBundling(
  client: Redis,
  stack: AsyncDisposableStack,
  { now, log }: Pick<BundlingDeps, 'now' | 'log'>,
): Bundling {
  return createBundling({
    bundles: createBundles(client),
    alerts: createAlerts(client),
    timers: stack.use(createProducer(bundleDueQueue, client)),
    outbound: stack.use(createProducer(alertBundleQueue, client)),
    bundleLink: (id) => `https://alerts.example/b/${id}`,
    settings: bundleSettings.parse({}),
    now,
    log,
  })
}
