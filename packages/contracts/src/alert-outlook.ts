import type { Alert, AlertPlan } from './alert.ts'

/** Somebody who was asked, and the last thing they said. */
export interface Asked {
  name: string
  said: string | undefined
}

/** In the order in which they were asked first. Who asks how things stand has said nothing to tell others. */
export function askedOf({ timeline, acts = [] }: Pick<Alert, 'timeline' | 'acts'>, plan: AlertPlan): Asked[] {
  const questions = new Set(acts.filter(({ isQuestion }) => isQuestion).map(({ at }) => at))
  const names = new Map<string, string | undefined>()
  for (const { at, event, step, by, reason } of timeline) {
    const name = step ? plan.users[step[1]]?.name : by
    if (name === undefined) continue
    if (event === 'contacting') names.set(name, names.get(name))
    if (event === 'said' && reason !== undefined && !questions.has(at)) names.set(name, reason)
  }
  return [...names].map(([name, said]) => ({ name, said }))
}

/** Who is asked when the one who is asked now does not answer, and when. Undefined: nobody, or nobody knows. */
export function personAfter(alert: Alert, plan: AlertPlan): { name: string; at: number } | undefined {
  const { state, step, dueAt, blockedSince, isWaiting } = alert
  if (state !== 'walking' || isWaiting || blockedSince !== undefined) return undefined
  const turn = turnAfter(alert, plan)
  const user = turn && plan.users[turn.user]
  return user && { name: user.name, at: dueAt + restOfTurn(step, plan) * 1_000 }
}

type Turn = Pick<Alert['step'], 'round' | 'user'>

/** Whose turn it is after whoever is asked now. Who was asked out of turn, and comes next, has been asked. */
export function turnAfter({ step, detour }: Pick<Alert, 'step' | 'detour'>, plan: AlertPlan): Turn | undefined {
  const from = detour?.from ?? step
  const next = nextTurn(from, plan)
  const wasAsked = detour !== undefined && next?.round === from.round && next.user === step.user
  return wasAsked ? nextTurn(next, plan) : next
}

/** The next user of the list, or the first one of its next round; undefined when it is done. */
export function nextTurn({ round, user }: Turn, { users, repeat }: AlertPlan): Turn | undefined {
  if (user < users.length - 1) return { round, user: user + 1 }
  return round < repeat ? { round: round + 1, user: 0 } : undefined
}

/** How long the channels of this person that are still to come wait together, in seconds. */
function restOfTurn({ user, channel }: Alert['step'], { users, engine }: AlertPlan): number {
  const { channels = [], finalWaitSeconds = 0 } = users[user] ?? {}
  // Vonage's Dispatch walks them itself: the step is the whole person.
  if (engine === 'dispatch' || channel >= channels.length - 1) return 0
  return channels.slice(channel + 1, -1).reduce((sum, { expirySeconds }) => sum + expirySeconds, finalWaitSeconds)
}
