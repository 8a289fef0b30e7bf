import { nextTurn } from '@switchboard/contracts'
import type { Alert, AlertPlan, PlanChannel, StepRef } from '@switchboard/contracts'

export type Step = Omit<StepRef, 'alertId'>

export const FIRST_STEP: Step = { round: 0, user: 0, channel: 0 }

/** A plan's user. Throws when the plan has none there: the alert and its plan do not belong together. */
export function userAt(plan: AlertPlan, step: Step): AlertPlan['users'][number] {
  const user = plan.users[step.user]
  if (!user) throw new Error(`The plan has no user ${step.user}`)
  return user
}

export function channelAt(plan: AlertPlan, step: Step): PlanChannel {
  const channel = userAt(plan, step).channels[step.channel]
  if (!channel) throw new Error(`The plan has no channel ${step.channel} of user ${step.user}`)
  return channel
}

/** With Dispatch a user's channels are one workflow: the walker's step is the user. */
export function isWholeUser(plan: AlertPlan): boolean {
  return plan.engine === 'dispatch'
}

export function isLastChannel(plan: AlertPlan, step: Step): boolean {
  return step.channel >= userAt(plan, step).channels.length - 1
}

/** The step after one: the next channel, user or round; undefined when the list is done. */
export function nextStep(plan: AlertPlan, step: Step): Step | undefined {
  if (!isWholeUser(plan) && !isLastChannel(plan, step)) return { ...step, channel: step.channel + 1 }
  const turn = nextTurn(step, plan)
  return turn && { ...step, ...turn, channel: 0 }
}

/** The same step, asked anew: its messages and its timer are others. */
export function again(step: Step, after: Step = step): Step {
  return { ...step, pass: (after.pass ?? 0) + 1 }
}

/** How long a step waits before the next one is taken, in seconds. A user's last channel waits for attention only. */
export function waitSeconds(plan: AlertPlan, step: Step): number {
  const { channels, finalWaitSeconds } = userAt(plan, step)
  if (isWholeUser(plan)) {
    return channels.slice(0, -1).reduce((sum, { expirySeconds }) => sum + expirySeconds, finalWaitSeconds)
  }
  return isLastChannel(plan, step) ? finalWaitSeconds : channelAt(plan, step).expirySeconds
}

export function isSameStep(plan: AlertPlan, a: Step, b: Step): boolean {
  return isSamePerson(a, b) && (isWholeUser(plan) || a.channel === b.channel)
}

/** Whether two steps ask the same person in the same turn. */
export function isSamePerson(a: Step, b: Step): boolean {
  return a.round === b.round && a.user === b.user && (a.pass ?? 0) === (b.pass ?? 0)
}

/** The same channel of the same user and round, whichever time it is asked. */
export function isSamePlace(a: Step, b: Step): boolean {
  return a.round === b.round && a.user === b.user && a.channel === b.channel
}

/**
 * The steps that have been taken, first to last, then those of whoever was asked out of turn. Known from where the alert
 * stands: a long timeline is cut. One that is blocked has been everywhere.
 */
export function stepsTaken(
  { step: current, detour, handedTo = [], blockedSince }: AlertPosition,
  plan: AlertPlan,
): Step[] {
  const { round, user, channel } = detour?.from ?? current
  const taken: Step[] = []
  for (let step: Step | undefined = FIRST_STEP; step; step = nextStep(plan, step)) {
    taken.push(step)
    if (blockedSince === undefined && isSameStep(plan, step, { round, user, channel })) break
  }
  return [...taken, ...handedTo.flatMap((each) => stepsOf(plan, round, each))]
}

function stepsOf(plan: AlertPlan, round: number, user: number): Step[] {
  const channels = isWholeUser(plan) ? 1 : userAt(plan, { round, user, channel: 0 }).channels.length
  return Array.from({ length: channels }, (_, channel) => ({ round, user, channel }))
}

type AlertPosition = Pick<Alert, 'step' | 'blockedSince' | 'detour' | 'handedTo'>
