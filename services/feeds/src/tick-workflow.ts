import { fillText } from '@switchboard/contracts'
import type { Enqueue, Feed, FeedFanout } from '@switchboard/contracts'
import type { FeedValue, FeedValues } from '@switchboard/store'
import { createWorkflow } from '@switchboard/workflow'
import type { Workflow, WorkflowLog } from '@switchboard/workflow'

import { tickObligations } from './tick.ts'
import type { TickObligation } from './tick.ts'

export interface TickWorkflowDeps {
  feeds: Record<string, Feed>
  feedValues: Pick<FeedValues, 'records' | 'remember'>
  fanOut: Enqueue<FeedFanout>
  now: () => number
  log: WorkflowLog
  countRescue?: (workflow: string) => void
}

export type TickWorkflow = Workflow<FeedValue>

/** A topic's newest value and its world: the first page of its fan-out, which sees to the others. */
export function createTickWorkflow(deps: TickWorkflowDeps): TickWorkflow {
  const { feeds, feedValues, fanOut, now } = deps
  return createWorkflow<FeedValue, TickObligation, undefined>(
    {
      name: 'feed-tick',
      logFields: (topic) => ({ topic }),
      contextOf: async () => undefined,
      obligations: tickObligations,
      lookAt: () => undefined,
      async fulfil(owed, { tick, value }, _context, topic) {
        if (owed.kind === 'remembered') return feedValues.remember(topic, { tick, value })
        const feed = feeds[topic]
        if (!feed) return undefined
        const text = fillText(feed.text, { topic, value })
        const expiresAt = tick + feed.everySeconds * 1_000
        return fanOut.enqueue({ topic, tick, text, after: '', createdAt: now(), expiresAt })
      },
    },
    { ...deps, records: feedValues.records },
  )
}
