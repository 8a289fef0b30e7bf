import type { Alert, AlertPlan } from './alert.ts'

/** Somebody who was asked, and the last thing they said. */
export interface Asked {
  name: string
  said: string | undefined
}

/** A mere question mark asks how things stand: it is nothing to tell others. */
const SAYS_SOMETHING = /[\p{L}\p{N}\p{Extended_Pictographic}]/u

/** In the order in which they were asked first. */
export function askedOf({ timeline }: Pick<Alert, 'timeline'>, plan: AlertPlan): Asked[] {
  const names = new Map<string, string | undefined>()
  for (const { event, step, by, reason } of timeline) {
    const name = step ? plan.users[step[1]]?.name : by
    if (name === undefined) continue
    if (event === 'contacting') names.set(name, names.get(name))
    if (event === 'said' && reason !== undefined && SAYS_SOMETHING.test(reason)) names.set(name, reason)
  }
  return [...names].map(([name, said]) => ({ name, said }))
}

/** Who is asked when the one who is asked now does not answer, and when. Undefined: nobody, or nobody knows. */
export function personAfter(alert: Alert, plan: AlertPlan): { name: string; at: number } | undefined {
  const { state, step, dueAt, detour, blockedSince, isWaiting } = alert
  if (state !== 'walking' || isWaiting || blockedSince !== undefined) return undefined
  const from = detour?.from ?? step
  const isLast = from.user >= plan.users.length - 1
  if (isLast && from.round >= plan.repeat) return undefined
  const user = plan.users[isLast ? 0 : from.user + 1]
  return user && { name: user.name, at: dueAt + restOfTurn(step, plan) * 1_000 }
}

/** How long the channels of this person that are still to come wait together, in seconds. */
function restOfTurn({ user, channel }: Alert['step'], { users, engine }: AlertPlan): number {
  const { channels = [], finalWaitSeconds = 0 } = users[user] ?? {}
  // Vonage's Dispatch walks them itself: the step is the whole person.
  if (engine === 'dispatch' || channel >= channels.length - 1) return 0
  return channels.slice(channel + 1, -1).reduce((sum, { expirySeconds }) => sum + expirySeconds, finalWaitSeconds)
}
