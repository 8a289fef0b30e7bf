import { bundle, bundleDue } from '../bundle.ts'
import { defineQueue } from '../define-queue.ts'
import { derivedId } from '../ids.ts'

/** Delayed: one job per bundle that is being gathered. */
export const bundleDueQueue = defineQueue({
  name: 'bundle-due',
  workedBy: 'failover',
  schema: bundleDue,
  jobId: ({ bundleId, at }) => derivedId('due', bundleId, at),
  retry: { attempts: 1_500, firstDelayMs: 250 },
  keepCompletedSeconds: 60,
  keepCompletedCount: 1_000,
})

/** Alerts that leave together, to be written and sent. */
export const alertBundleQueue = defineQueue({
  name: 'alert-bundle',
  workedBy: 'outbound',
  schema: bundle,
  jobId: ({ id }) => id,
  // Its own end decides how long it is tried, as that of any outbound message.
  retry: { attempts: 3_000, firstDelayMs: 1_000 },
  keepCompletedSeconds: 600,
  keepCompletedCount: 1_000,
})
