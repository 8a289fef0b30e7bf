import { alertState } from '@switchboard/contracts'
import { lookThrough } from '@switchboard/store'
import type { Alerts } from '@switchboard/store'
import { z } from 'zod'

import { summariseAlert } from './alert-summary.ts'
import type { AlertSummary } from './alert-summary.ts'

export const alertFilter = z.object({
  state: alertState.or(z.literal('')).catch(''),
  policy: z.string().max(100).catch(''),
  /** Part of the text, the code, or the name of somebody on the list. */
  text: z.string().trim().max(200).catch(''),
  since: z.enum(['', 'hour', 'day', 'week']).catch(''),
})
export type AlertFilter = z.infer<typeof alertFilter>

const HOUR_MS = 3_600_000
const within = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS }
/** How many one look goes through: a rare answer may need several. */
const LOOKED_AT = 1_000

type Reads = Pick<Alerts, 'get' | 'plan' | 'recent'>

/** Alerts that fit, open ones first, then the newest; `next` is where to go on, undefined at the end. */
export async function findAlerts(
  alerts: Reads,
  filter: AlertFilter,
  { from, limit, now }: { from: number; limit: number; now: number },
): Promise<{ found: AlertSummary[]; next: number | undefined }> {
  return lookThrough(
    (offset, count) => alerts.recent(offset, count),
    async (id) => {
      const alert = await summariseAlert(id, alerts)
      return alert && fits(alert, filter, now) ? alert : undefined
    },
    { from, limit, atMost: LOOKED_AT },
  )
}

function fits(alert: AlertSummary, { state, policy, text, since }: AlertFilter, now: number): boolean {
  const said = [alert.text, alert.code, alert.endedBy ?? '', ...alert.people].join('\n').toLowerCase()
  return (
    (state === '' || alert.state === state) &&
    (policy === '' || alert.policy === policy) &&
    (since === '' || alert.createdAt >= now - within[since]) &&
    said.includes(text.toLowerCase())
  )
}
