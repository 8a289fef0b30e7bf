import { contactId, isChannel, nextTurn, stepMessageId } from '@switchboard/contracts'
import type { Alert } from '@switchboard/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { counts } from './acts.ts'
import { contactsOf, lookAt, obligations } from './obligations.ts'
import { channelAt, isSamePlace, stepsTaken } from './steps.ts'
import {
  attentions,
  happenings,
  histories,
  live,
  mechanical,
  ordinary,
  plans,
  positionOf,
  takenStep,
} from './testing/histories.ts'
import { allSteps, begin, START, wasContacted } from './testing/story.ts'
import { walk } from './walk.ts'
import type { AlertEvent } from './walk.ts'

function due({ step }: Alert): AlertEvent {
  return { kind: 'deadline', step, messageState: 'accepted' }
}

/** Whoever has it gives it away, or somebody asks again although everybody was asked. */
function isTakenBack(event: AlertEvent): boolean {
  return event.kind === 'act' && ['pass', 'hand-over', 'snooze'].includes(event.act.kind)
}

const stateOrder = { walking: 0, exhausted: 1, cancelled: 2, attended: 2 }
const runs = { numRuns: 500 }

describe('whatever happens to an alert', { timeout: 60_000 }, () => {
  it('it moves forward only, and never two steps at once, unless somebody says so', () => {
    fc.assert(
      fc.property(histories, ([plan, story]) => {
        const steps = allSteps(plan)
        for (const { before, after, event } of live(plan, story)) {
          const passes = (after.step.pass ?? 0) - (before.step.pass ?? 0)
          expect([0, 1, 2]).toContain(passes)
          const isForward = stateOrder[after.state] >= stateOrder[before.state]
          const isReopened = (after.reopened ?? 0) === (before.reopened ?? 0) + 1
          expect(isForward).toBe(!isReopened)
          if (isReopened) expect(isTakenBack(event)).toBe(true)
          if (before.state === 'cancelled' || before.resolved) expect(after.state).toBe(before.state)
          if (event.kind === 'act' || passes > 0) continue
          expect([0, 1]).toContain(positionOf(after, steps) - positionOf(before, steps))
          if (before.state === 'attended') expect(after.attendedBy).toEqual(before.attendedBy)
        }
      }),
      runs,
    )
  })

  it('no step is asked twice, whoever is asked out of turn or again', () => {
    fc.assert(
      fc.property(histories, ([plan, story]) => {
        const asked = new Set<string>()
        for (const { before, after } of live(plan, story)) {
          if (after.state !== 'walking' || after.isWaiting || after.step === before.step) continue
          const { round, user, channel, pass } = after.step
          const place = JSON.stringify([round, user, channel, pass])
          expect(asked).not.toContain(place)
          asked.add(place)
        }
      }),
      runs,
    )
  })

  it('whoever writes is answered once, except by a machine, and their words are kept', () => {
    fc.assert(
      fc.property(histories, ([plan, story]) => {
        for (const { before, after, event } of live(plan, story)) {
          if (event.kind !== 'act' || before === after) continue
          const owed = obligations(after, plan).flat()
          const answers = owed.flatMap((each) => (each.kind === 'answer' && each.act.id === event.id ? [each] : []))
          expect(answers).toHaveLength(event.by.contact && event.act.kind !== 'automatic' ? 1 : 0)
          if (event.words !== undefined)
            expect(after.timeline).toContainEqual(expect.objectContaining({ event: 'said', reason: event.words }))
        }
      }),
      runs,
    )
  })

  it('whoever is handed an alert is asked at once, and those who were to come are still asked', () => {
    fc.assert(
      fc.property(plans, happenings(ordinary), fc.nat(9), (plan, story, number) => {
        const { after: alert, now } = live(plan, story).at(-1) ?? { after: begin(plan), now: START }
        if (alert.state !== 'walking' || alert.blockedSince !== undefined) return
        const user = number % plan.users.length
        const act = { kind: 'hand-over', to: `U${user}` } as const
        const handed = walk(alert, plan, { kind: 'act', id: 'x', act, by: { how: 'api' } }, now)
        expect(handed.step).toMatchObject({ user, channel: 0 })
        expect(handed.isWaiting).toBeUndefined()
        let after = handed
        while (after.detour) after = walk(after, plan, due(after), after.dueAt)
        const from = alert.detour?.from ?? alert.step
        const inList = nextTurn(from, plan)
        // Whoever was just asked is not asked once more.
        const next = inList?.round === from.round && inList.user === user ? nextTurn(inList, plan) : inList
        if (next && after.state === 'walking' && after.blockedSince === undefined)
          expect(after.step).toMatchObject({ round: next.round, user: next.user, channel: 0 })
        else expect(after.state === 'exhausted' || after.blockedSince !== undefined).toBe(true)
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
        // Somebody may have been handed it; who was put off is asked again.
        for (let left = 4 * allSteps(plan).length + 4; alert.state === 'walking'; left -= 1) {
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
          // So many acts are remembered; these histories have more only by chance.
          if (event.kind === 'act' && !end?.after.acts?.some(({ id }) => id === event.id)) continue
          // A timer that came too early, or for a step to come, has not happened yet.
          const isNews = after !== before || event.kind === 'outcome'
          if (end && isNews) expect(walk(end.after, plan, event, end.now)).toBe(end.after)
        }
      }),
      runs,
    )
  })

  it('attention is never lost, whatever else becomes of messages and timers', () => {
    fc.assert(
      fc.property(plans, happenings(ordinary), attentions, happenings(mechanical), (plan, before, mine, after) => {
        const story = [...before, { afterSeconds: 1, event: () => mine }, ...after]
        expect(live(plan, story).at(-1)?.after.state).toBe('attended')
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

  it('a read message is attention from whatever step it comes, unless its reader has let go since', () => {
    fc.assert(
      fc.property(plans, happenings(ordinary), fc.nat(9), (plan, story, back) => {
        const { after: alert, now } = live(plan, story).at(-1) ?? { after: begin(plan), now: START }
        const step = { alertId: alert.id, ...takenStep(alert, allSteps(plan), back) }
        const seen = walk(alert, plan, { kind: 'outcome', state: 'read', step }, now)
        // A key that was pressed counts once.
        const key = `key.${stepMessageId(alert, step, alert.resends)}`
        const isKey = channelAt(plan, step).channel === 'voice' && !alert.acts?.some(({ id }) => id === key)
        if (isKey || alert.state === 'attended' || (counts(alert, step) && channelAt(plan, step).channel !== 'voice'))
          expect(seen.state).toBe('attended')
        else expect(seen.state).toBe(alert.state)
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
          const attended = walk(
            alert,
            plan,
            { kind: 'act', id: 'x', act: { kind: 'mine' }, by: { how: 'reply', contact } },
            START,
          )
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
          // Who takes it by a reply is answered there.
          everybody.delete(attended.attendedBy?.user ?? '')
          expect(new Set(told)).toEqual(plan.announce ? everybody : new Set())
          expect(told).toHaveLength(new Set(told).size)
        }
      }),
      runs,
    )
  })
})
