import { contactId, isChannel, messageState } from '@switchboard/contracts'
import type { Alert, AlertPlan } from '@switchboard/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { contactsOf, lookAt, obligations } from './obligations.ts'
import { channelAt, isSamePlace, nextPerson, stepMessageId, stepsTaken } from './steps.ts'
import type { Step } from './steps.ts'
import { addressOf, allSteps, begin, START, wasContacted } from './testing/story.ts'
import { walk } from './walk.ts'
import type { AlertEvent } from './walk.ts'

/** Something that happens to an alert, so many seconds after the last thing. */
interface Happening {
  afterSeconds: number
  /** Made when its turn comes: most things are about the steps that have been taken by then. */
  event: (alert: Alert, steps: Step[]) => AlertEvent
}

const plans: fc.Arbitrary<AlertPlan> = fc
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
const attentions = fc.constantFrom<AlertEvent>(
  { kind: 'reply', contact: { channel: 'sms', address: addressOf(0) } },
  { kind: 'link', user: 0 },
  { kind: 'api', by: 'Ann' },
)
const cancel: AlertEvent = { kind: 'cancel', reason: 'no longer needed' }

/** Anything but attention and cancelling, which would end most histories early. */
const ordinary = fc.oneof(
  timers.map(({ kind, back, messageState: state, areOpen }): Happening['event'] => (alert, steps) => ({
    kind,
    step: takenStep(alert, steps, back),
    messageState: state,
    retry: { open: areOpen ? (alert.passedOver ?? []) : [], sent: [] },
  })),
  fc.nat(2).map((back): Happening['event'] => (alert, steps) => {
    const step = takenStep(alert, steps, back)
    return { kind: 'pass', step: { alertId: alert.id, ...step }, how: 'call' }
  }),
  outcomes.map(({ state, back, resend }): Happening['event'] => (alert, steps) => {
    const step = takenStep(alert, steps, back)
    const resends = Math.min(resend, step === alert.step ? alert.resends : 1)
    const messageId = stepMessageId(alert, step, resends)
    return { kind: 'outcome', step: { alertId: alert.id, ...step }, state, messageId }
  }),
)
const anything = fc.oneof(
  { weight: 20, arbitrary: ordinary },
  { weight: 1, arbitrary: attentions.map((event) => () => event) },
  { weight: 1, arbitrary: fc.constant(() => cancel) },
)
const happenings = (event: fc.Arbitrary<Happening['event']>) =>
  fc.array(fc.record({ afterSeconds: fc.integer({ min: 0, max: 130 }), event }), { maxLength: 40 })
const histories = fc.tuple(plans, happenings(anything))

function takenStep(alert: Alert, steps: Step[], back: number): Step {
  const now = positionOf(alert, steps)
  return back === 0 ? alert.step : (steps[Math.max(0, now - back)] ?? alert.step)
}

function positionOf({ step }: Pick<Alert, 'step'>, steps: Step[]): number {
  return steps.findIndex(
    ({ round, user, channel }) => round === step.round && user === step.user && channel === step.channel,
  )
}

interface Moment {
  before: Alert
  after: Alert
  event: AlertEvent
  now: number
}

function live(plan: AlertPlan, story: Happening[]): Moment[] {
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

const stateOrder = { walking: 0, exhausted: 1, cancelled: 2, attended: 2 }
const runs = { numRuns: 500 }

describe('whatever happens to an alert', { timeout: 60_000 }, () => {
  it('it moves forward only, and never two steps at once', () => {
    fc.assert(
      fc.property(histories, ([plan, story]) => {
        const steps = allSteps(plan)
        for (const { before, after, event } of live(plan, story)) {
          const distance = positionOf(after, steps) - positionOf(before, steps)
          const passes = (after.step.pass ?? 0) - (before.step.pass ?? 0)
          const next = event.kind === 'pass' ? nextPerson(plan, before.step) : undefined
          const furthest = next ? positionOf({ step: next }, steps) - positionOf(before, steps) : 1
          if (after.blockedSince === undefined) expect([0, furthest]).toContain(distance)
          else expect([0, 1]).toContain(passes)
          expect(stateOrder[after.state]).toBeGreaterThanOrEqual(stateOrder[before.state])
          if (before.state === 'attended' || before.state === 'cancelled') {
            expect(after.state).toBe(before.state)
            expect(after.attendedBy).toEqual(before.attendedBy)
          }
        }
      }),
      runs,
    )
  })

  it('every message id belongs to one round, user, channel and try', () => {
    fc.assert(
      fc.property(histories, ([plan, story]) => {
        const owners = new Map<string, string>()
        for (const { after } of live(plan, story)) {
          for (const obligation of obligations(after, plan).flat()) {
            if (obligation.kind !== 'message') continue
            const owner = JSON.stringify([obligation.step, after.resends])
            expect(owners.get(obligation.id) ?? owner).toBe(owner)
            owners.set(obligation.id, owner)
          }
        }
        expect(new Set(owners.values()).size).toBe(owners.size)
      }),
      runs,
    )
  })

  it('once it is over nobody is sent a step, and it is not waited for', () => {
    fc.assert(
      fc.property(histories, ([plan, story]) => {
        for (const { after } of live(plan, story)) {
          if (after.state === 'walking') continue
          const kinds = obligations(after, plan).flatMap((stage) => stage.map(({ kind }) => kind))
          for (const kind of ['contacts', 'message', 'workflow', 'deadline', 'resend'] as const)
            expect(kinds).not.toContain(kind)
          expect(lookAt(after)).toBeUndefined()
          expect(after.resendAt).toBeUndefined()
        }
      }),
      runs,
    )
  })

  it('a walking alert always has its next moment, which its timer is set to', () => {
    fc.assert(
      fc.property(histories, ([plan, story]) => {
        for (const { after, now, before } of live(plan, story)) {
          if (after.state !== 'walking') continue
          if (after.step !== before.step) expect(after.dueAt).toBeGreaterThan(now)
          const deadline = expect.objectContaining({ kind: 'deadline', step: after.step, at: after.dueAt })
          expect(obligations(after, plan).flat()).toContainEqual(deadline)
          expect(lookAt(after)).toBe(after.resendAt ?? after.dueAt)
          if (after.resendAt !== undefined) expect(after.resendAt).toBeLessThan(after.dueAt)
        }
      }),
      runs,
    )
  })

  it('deadlines alone bring it to its end', () => {
    fc.assert(
      fc.property(plans, happenings(ordinary), (plan, story) => {
        const last = live(plan, story).at(-1)
        let alert = last?.after ?? begin(plan)
        // Each step may have been passed over, and is then looked for and walked again.
        for (let left = 3 * allSteps(plan).length; alert.state === 'walking'; left -= 1) {
          expect(left).toBeGreaterThan(0)
          const retry = { open: alert.passedOver ?? [], sent: [] }
          const due: AlertEvent = { kind: 'deadline', step: alert.step, messageState: 'accepted', retry }
          alert = walk(alert, plan, due, Math.max(alert.dueAt, last?.now ?? 0))
        }
        expect(['exhausted', 'attended']).toContain(alert.state)
      }),
      runs,
    )
  })

  it('what has happened once changes nothing when it comes again, at once or at the end', () => {
    fc.assert(
      fc.property(histories, ([plan, story]) => {
        const moments = live(plan, story)
        const end = moments.at(-1)
        for (const { event, before, after, now } of moments) {
          expect(walk(after, plan, event, now)).toBe(after)
          // A timer that came too early, or for a step to come, has not happened yet.
          const isNews = after !== before || event.kind === 'outcome'
          if (end && isNews) expect(walk(end.after, plan, event, end.now)).toBe(end.after)
        }
      }),
      runs,
    )
  })

  it('attention is never lost, whatever else comes in whatever order', () => {
    fc.assert(
      fc.property(plans, happenings(ordinary), attentions, fc.nat(40), (plan, story, attention, place) => {
        const shuffled = story.toSpliced(place % (story.length + 1), 0, { afterSeconds: 1, event: () => attention })
        expect(live(plan, shuffled).at(-1)?.after.state).toBe('attended')
      }),
      runs,
    )
  })

  it('it is not exhausted while somebody on its list could not be asked, for a day', () => {
    fc.assert(
      fc.property(histories, ([plan, story]) => {
        for (const { before, after, now } of live(plan, story)) {
          if (before.state !== 'walking' || after.state !== 'exhausted') continue
          const isGivenUp = now >= (before.blockedSince ?? Infinity) + 86_400_000
          if (!isGivenUp) expect(after.passedOver ?? []).toEqual([])
        }
      }),
      runs,
    )
  })

  it('nobody who could not be asked is asked twice at once, and each is asked again when the senders open', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        let alert = begin(plan)
        const asked = new Set<string>()
        for (let left = 4 * allSteps(plan).length + 4; alert.state === 'walking'; left -= 1) {
          expect(left).toBeGreaterThan(0)
          const isOpen = alert.blockedSince !== undefined
          const { step, isWaiting, passedOver = [] } = alert
          if (isOpen && !isWaiting) asked.add(JSON.stringify([step.round, step.user, step.channel]))
          const state = isOpen ? 'accepted' : undefined
          const due: AlertEvent = { kind: 'deadline', step, messageState: state, retry: { open: passedOver, sent: [] } }
          alert = walk(alert, plan, due, alert.dueAt)
        }
        const steps = allSteps(plan).filter(({ channel }) => plan.engine === 'local' || channel === 0)
        expect(alert.state).toBe('exhausted')
        expect(asked.size).toBe(steps.length)
      }),
      runs,
    )
  })

  it('a read message is attention from whatever step it comes', () => {
    fc.assert(
      fc.property(plans, happenings(ordinary), fc.nat(9), (plan, story, back) => {
        const read: Happening = {
          afterSeconds: 1,
          event: (alert, steps) => ({
            kind: 'outcome',
            state: 'read',
            step: { alertId: alert.id, ...takenStep(alert, steps, back) },
          }),
        }
        expect(live(plan, [...story, read]).at(-1)?.after.state).toBe('attended')
      }),
      runs,
    )
  })

  it('everybody who was contacted can answer, and is told who has it, once', () => {
    fc.assert(
      fc.property(plans, happenings(ordinary), (plan, story) => {
        const alert = live(plan, story).at(-1)?.after ?? begin(plan)
        const contacted = stepsTaken(alert, plan)
        for (const contact of contacted.flatMap((step) => contactsOf(plan, step))) {
          const attended = walk(alert, plan, { kind: 'reply', contact }, START)
          if (alert.state === 'attended') continue
          const owner = plan.users.find(({ name }) => name === attended.attendedBy?.user)
          expect(owner?.channels.map(({ channel, to }) => contactId({ channel, address: to }))).toContain(
            contactId(contact),
          )
          const told = obligations(attended, plan)
            .flat()
            .flatMap((each) => (each.kind === 'closing' ? [each.user] : []))
          const asked = contacted.filter((step) => !alert.passedOver?.some((each) => isSamePlace(each, step)))
          const written = asked.filter(
            (step) => isChannel(channelAt(plan, step).channel) && wasContacted(alert, step, plan),
          )
          const everybody = new Set(written.map(({ user }) => `U${user}`))
          if (attended.attendedBy?.user) everybody.add(attended.attendedBy.user)
          expect(new Set(told)).toEqual(plan.announce ? everybody : new Set())
          expect(told).toHaveLength(new Set(told).size)
        }
      }),
      runs,
    )
  })
})
