import { alertChannel, alertState, attentionKind, messageMedia } from '@switchboard/contracts'
import type { Alert, AlertPlan } from '@switchboard/contracts'
import { z } from 'zod'

/** An alert as the API shows it: users and channels by name. */
export const alertView = z.object({
  id: z.string(),
  code: z.string(),
  state: alertState,
  text: z.string(),
  /** What comes with it; null: nothing. */
  media: messageMedia.nullable(),
  policy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** The step under way and when it is given up; null when the walk has ended, or waits. */
  current: z.object({ round: z.number(), user: z.string(), channel: z.string(), dueAt: z.iso.datetime() }).nullable(),
  /** Since when it waits for a sender to open, because not everybody on the list could be asked; null: it does not. */
  blockedSince: z.iso.datetime().nullable(),
  attendedBy: z
    .object({ how: attentionKind, at: z.iso.datetime(), user: z.string().nullable(), channel: alertChannel.nullable() })
    .nullable(),
  /** Until when somebody has put it off; null: nobody has. */
  snoozedUntil: z.iso.datetime().nullable(),
  /** When somebody said that it is over; null: nobody has. */
  resolvedAt: z.iso.datetime().nullable(),
  users: z.array(z.object({ name: z.string(), channels: z.array(alertChannel) })),
  timeline: z.array(
    z.object({
      at: z.iso.datetime(),
      event: z.string(),
      round: z.number().nullable(),
      user: z.string().nullable(),
      channel: alertChannel.nullable(),
      reason: z.string().nullable(),
      /** Who said or did it. */
      by: z.string().nullable(),
    }),
  ),
})
export type AlertView = z.infer<typeof alertView>

export function viewAlert(alert: Alert, plan: AlertPlan): AlertView {
  const { step, attendedBy } = alert
  const user = plan.users[step.user]
  return {
    id: alert.id,
    code: alert.code,
    state: alert.state,
    text: alert.text,
    media: alert.media ?? null,
    policy: plan.policy ?? null,
    createdAt: iso(alert.createdAt),
    current:
      alert.state === 'walking' && !alert.isWaiting
        ? {
            round: step.round,
            user: user?.name ?? '',
            channel: user?.channels[step.channel]?.channel ?? '',
            dueAt: iso(alert.dueAt),
          }
        : null,
    blockedSince: alert.state === 'walking' && alert.blockedSince !== undefined ? iso(alert.blockedSince) : null,
    attendedBy: attendedBy
      ? {
          how: attendedBy.how,
          at: iso(attendedBy.at),
          user: attendedBy.user ?? null,
          channel: attendedBy.channel ?? null,
        }
      : null,
    snoozedUntil: alert.state === 'walking' && alert.snooze ? iso(alert.dueAt) : null,
    resolvedAt: alert.resolved ? iso(alert.resolved.at) : null,
    users: plan.users.map(({ name, channels }) => ({ name, channels: channels.map((each) => each.channel) })),
    timeline: alert.timeline.map((entry) => viewEntry(entry, plan)),
  }
}

function viewEntry(
  { at, event, step, reason, by }: Alert['timeline'][number],
  plan: AlertPlan,
): AlertView['timeline'][number] {
  const user = step ? plan.users[step[1]] : undefined
  return {
    at: iso(at),
    event,
    round: step?.[0] ?? null,
    user: user?.name ?? null,
    channel: (step && user?.channels[step[2]]?.channel) ?? null,
    reason: reason ?? null,
    by: by ?? null,
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
