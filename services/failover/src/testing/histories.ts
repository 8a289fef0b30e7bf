import { messageState, stepMessageId } from '@switchboard/contracts'
import type { Alert, AlertPlan } from '@switchboard/contracts'
import fc from 'fast-check'

import type { Act } from '../acts.ts'
import { isSamePlace } from '../steps.ts'
import type { Step } from '../steps.ts'
import { walk } from '../walk.ts'
import type { AlertEvent } from '../walk.ts'
import { addressOf, allSteps, begin, START } from './story.ts'

/** Something that happens to an alert, so many seconds after the last thing. */
export interface Happening {
  afterSeconds: number
  /** Made when its turn comes: most things are about the steps that have been taken by then. */
  event: (alert: Alert, steps: Step[]) => AlertEvent
}

export const plans: fc.Arbitrary<AlertPlan> = fc
  .record({
    policy: fc.constant('oncall'),
    users: fc
      .array(
        fc.record({
          channels: fc.array(
            fc.record({
              channel: fc.constantFrom('sms', 'whatsapp', 'messenger', 'viber_service', 'voice'),
              to: fc.constantFrom(...[0, 1, 2].map(addressOf)),
              expirySeconds: fc.integer({ min: 1, max: 120 }),
              condition: fc.constantFrom('read', 'delivered'),
            }),
            { minLength: 2, maxLength: 4 },
          ),
          finalWaitSeconds: fc.integer({ min: 1, max: 120 }),
        }),
        { minLength: 1, maxLength: 3 },
      )
      .map((users) => users.map((user, index) => ({ name: `U${index}`, ...user }))),
    repeat: fc.integer({ min: 0, max: 2 }),
    announce: fc.boolean(),
    engine: fc.constantFrom('local', 'dispatch'),
  })
  .filter(({ engine, users }) => engine === 'local' || !users.some(hasCall))

function hasCall({ channels }: AlertPlan['users'][number]): boolean {
  return channels.some(({ channel }) => channel === 'voice')
}

const ledgerState = fc.option(fc.constantFrom(...messageState.options), { nil: undefined })
const timers = fc.record({
  kind: fc.constantFrom('deadline' as const, 'resend' as const),
  back: fc.nat(2),
  messageState: ledgerState,
  areOpen: fc.boolean(),
})
const outcomes = fc.record({ state: fc.constantFrom(...messageState.options), back: fc.nat(3), resend: fc.nat(1) })
const ids = fc.integer({ min: 0, max: 1e9 }).map((number) => `act-${number}`)
const ways = fc.constantFrom<Act['by']>(
  { how: 'reply', contact: { channel: 'sms', address: addressOf(0) } },
  { how: 'link', user: 0 },
  { how: 'link', user: 1 },
  { how: 'api', name: 'Ann' },
)
export const attentions = fc
  .tuple(ids, ways)
  .map(([id, by]): Act => ({ kind: 'act', id: `mine-${id}`, act: { kind: 'mine' }, by }))
/** What people do, apart from taking and ending it. */
const acts = fc.record({
  kind: fc.constant('act' as const),
  id: ids,
  by: ways,
  act: fc.oneof(
    fc.constantFrom<Act['act']>(
      { kind: 'pass' },
      { kind: 'who' },
      { kind: 'explain' },
      { kind: 'unclear' },
      { kind: 'automatic' },
      { kind: 'note', text: 'The door code is 1234' },
    ),
    fc.constantFrom('U0', 'U1', 'U2', 'Nobody').map((to): Act['act'] => ({ kind: 'hand-over', to })),
    fc.integer({ min: 1, max: 5 }).map((minutes): Act['act'] => ({ kind: 'snooze', minutes })),
  ),
  words: fc.constant('…'),
})
const resolve = fc.tuple(ids, ways).map(([id, by]): Act => ({ kind: 'act', id, act: { kind: 'resolve' }, by }))
const cancel: AlertEvent = { kind: 'cancel', reason: 'no longer needed' }

/** Time, and what becomes of messages. */
export const mechanical = fc.oneof(
  timers.map(({ kind, back, messageState: state, areOpen }): Happening['event'] => (alert, steps) => ({
    kind,
    step: takenStep(alert, steps, back),
    messageState: state,
    retry: { open: areOpen ? (alert.passedOver ?? []) : [], sent: [] },
  })),
  outcomes.map(({ state, back, resend }): Happening['event'] => (alert, steps) => {
    const step = takenStep(alert, steps, back)
    // Nothing is heard of a message before it is sent.
    const resends = Math.min(resend, isSamePlace(step, alert.step) ? alert.resends : 1)
    const messageId = stepMessageId(alert, step, resends)
    return { kind: 'outcome', step: { alertId: alert.id, ...step }, state, messageId }
  }),
)
/** Anything but taking and ending it, which would end most histories early. */
export const ordinary = fc.oneof(
  { weight: 3, arbitrary: mechanical },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.tuple(ids, fc.nat(2)).map(([id, back]): Happening['event'] => (alert, steps) => {
        const step = takenStep(alert, steps, back)
        return { kind: 'act', id, act: { kind: 'pass' }, by: { how: 'call', user: step.user, step } }
      }),
      acts.map(
        (event): Happening['event'] =>
          () =>
            event,
      ),
    ),
  },
)
const anything = fc.oneof(
  { weight: 20, arbitrary: ordinary },
  { weight: 2, arbitrary: attentions.map((event) => () => event) },
  { weight: 1, arbitrary: resolve.map((event) => () => event) },
  { weight: 1, arbitrary: fc.constant(() => cancel) },
)
export const happenings = (event: fc.Arbitrary<Happening['event']>) =>
  fc.array(fc.record({ afterSeconds: fc.integer({ min: 0, max: 130 }), event }), { maxLength: 40 })
export const histories = fc.tuple(plans, happenings(anything))

export function takenStep(alert: Alert, steps: Step[], back: number): Step {
  const now = positionOf(alert, steps)
  return back === 0 ? alert.step : (steps[Math.max(0, now - back)] ?? alert.step)
}

export function positionOf({ step }: Pick<Alert, 'step'>, steps: Step[]): number {
  return steps.findIndex(
    ({ round, user, channel }) => round === step.round && user === step.user && channel === step.channel,
  )
}

export interface Moment {
  before: Alert
  after: Alert
  event: AlertEvent
  now: number
}

export function live(plan: AlertPlan, story: Happening[]): Moment[] {
  const steps = allSteps(plan)
  const moments: Moment[] = []
  let alert = begin(plan)
  let now = START
  for (const { afterSeconds, event: make } of story) {
    now += afterSeconds * 1_000
    const event = make(alert, steps)
    const after = walk(alert, plan, event, now)
    moments.push({ before: alert, after, event, now })
    alert = after
  }
  return moments
}
