import { bundleSettings, MAX_BUNDLE_MEMBERS } from '@switchboard/contracts'
import type { Bundles } from '@switchboard/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { bundleObligations, forget, gather, handedOver, handOverDue, isGathered, nextBundleAt } from './gather.ts'
import type { Leaving } from './gather.ts'

const settings = bundleSettings.parse({})
const nobody: Bundles = { personId: '447700900010', sent: [], gathered: [] }
const seconds = (count: number) => count * 1_000

type About = Pick<Leaving, 'waitMs' | 'isAgain'> & { channel?: 'sms' | 'whatsapp'; id?: string; expiresAt?: number }

function leaving(alertId: string, { channel = 'sms', id = alertId, expiresAt, ...about }: About = {}): Leaving {
  const step = { alertId, round: 0, user: 0, channel: 0 }
  const member = { id, about: { kind: 'alert' as const, step }, ...(expiresAt === undefined ? {} : { expiresAt }) }
  return { way: { channel, to: '447700900010', kind: 'alert' }, member, ...about }
}

/** Alerts to one person, each at its second. */
function after(...alerts: [atSeconds: number, Leaving][]): Bundles {
  return alerts.reduce((record, [at, each]) => gather(record, each, settings, seconds(at)), nobody)
}

const inBundles = ({ gathered }: Bundles) => gathered.map(({ members }) => members.map(({ id }) => id).join(' '))

describe('many alerts to one person', () => {
  it.each<[string, Bundles, string[], number | undefined]>([
    ['the first leaves alone', after([0, leaving('a')]), [], undefined],
    ['further ones wait for each other', after([0, leaving('a')], [1, leaving('b')], [9, leaving('c')]), ['b c'], 11],
    ['after a minute one is the first again', after([0, leaving('a')], [60, leaving('b')]), [], undefined],
    ['the same again is no other', after([0, leaving('a')], [1, leaving('b')], [2, leaving('b')]), ['b'], 11],
    ['the same again, alone, stays alone', after([0, leaving('a')], [1, leaving('a')]), [], undefined],
    [
      'a later step of the same alert does not wait',
      after([0, leaving('a')], [30, leaving('a', { id: 'a2' })]),
      [],
      undefined,
    ],
    [
      'a short wait makes all of them early',
      after([0, leaving('a')], [1, leaving('b')], [2, leaving('c', { waitMs: 9_000 })]),
      ['b c'],
      5,
    ],
    [
      'another channel is another message',
      after([0, leaving('a')], [1, leaving('b', { channel: 'whatsapp' })]),
      [],
      undefined,
    ],
    ['what is sent again goes with the others', after([0, leaving('a', { isAgain: true })]), ['a'], 10],
    [
      'what is over already is left to itself',
      after([0, leaving('a')], [5, leaving('b', { expiresAt: 5_000 })]),
      [],
      undefined,
    ],
  ])('%s', (_, record, bundles, dueAt) => {
    expect(inBundles(record)).toEqual(bundles)
    expect(nextBundleAt(record)).toBe(dueAt === undefined ? undefined : seconds(dueAt))
  })

  it('there is room for every code, and then for another bundle', () => {
    const many = Array.from({ length: MAX_BUNDLE_MEMBERS + 2 }, (_, index): [number, Leaving] => [
      1,
      leaving(`b${index}`),
    ])
    expect(after([0, leaving('a')], ...many).gathered.map(({ members }) => members.length)).toEqual([50, 2])
  })

  it('who has had enough within a minute gets the next one when the minute allows, or when an answer would be late', () => {
    const few = { ...settings, messagesPerMinute: 2 }
    const storm = (waitMs: number) => {
      let record = gather(nobody, leaving('a'), few, 0)
      record = gather(record, leaving('b', { waitMs }), few, seconds(1))
      record = handOverDue(record, few, nextBundleAt(record) ?? 0)
      record = gather(record, leaving('c', { waitMs }), few, seconds(12))
      return handOverDue(record, few, nextBundleAt(record) ?? 0)
    }
    expect(nextBundleAt(storm(seconds(600)))).toBe(seconds(60))
    expect(nextBundleAt(storm(seconds(90)))).toBe(seconds(42))
    const late = storm(seconds(90))
    expect(handedOver(handOverDue(late, few, seconds(42)))).toHaveLength(2)
  })
})

/** What may happen to a person's messages, in any order. */
const event = fc.oneof(
  fc.record({
    kind: fc.constant('alert' as const),
    alert: fc.integer({ min: 0, max: 40 }),
    waitMs: fc.integer({ min: 1_000, max: 600_000 }),
    channel: fc.constantFrom('sms' as const, 'whatsapp' as const),
  }),
  fc.record({ kind: fc.constant('passes' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
  fc.constant({ kind: 'forget' as const }),
)

const ids = (each: Bundles) => bundleObligations(each).map((stage) => stage.map(({ id }) => id))

describe('whatever happens', () => {
  const perMinute = fc.integer({ min: 1, max: 10 })

  it('every message leaves exactly once, alone or in a bundle, and none waits longer than it may', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), perMinute, (events, messagesPerMinute) => {
        const limits = { ...settings, messagesPerMinute }
        let now = 0
        let record = nobody
        const left = new Map<string, number>()
        const asked = new Map<string, { at: number; waitMs: number }>()
        const leave = (id: string) => {
          expect(left.has(id), id).toBe(false)
          left.set(id, now)
        }
        /** The timer of each bundle comes at its time. */
        const passUntil = (until: number) => {
          for (let due = nextBundleAt(record); due !== undefined && due <= until; due = nextBundleAt(record)) {
            now = Math.max(now, due)
            const before = new Set(handedOver(record))
            record = handOverDue(record, limits, now)
            const gone = record.gathered.filter(({ id, handedOverAt }) => handedOverAt !== undefined && !before.has(id))
            for (const { members } of gone) for (const { id } of members) leave(id)
          }
          now = until
        }
        for (const each of events) {
          if (each.kind === 'passes') passUntil(now + each.ms)
          if (each.kind === 'forget') record = forget(record, handedOver(record))
          if (each.kind !== 'alert') continue
          const id = `${each.channel}-${each.alert}`
          if (asked.has(id)) continue
          asked.set(id, { at: now, waitMs: each.waitMs })
          record = gather(record, leaving(`alert-${each.alert}`, { ...each, id }), limits, now)
          if (!isGathered(record, id)) leave(id)
        }
        passUntil(now + seconds(600))
        expect([...left.keys()].toSorted()).toEqual([...asked.keys()].toSorted())
        for (const [id, { at, waitMs }] of asked)
          expect((left.get(id) ?? Infinity) - at, id).toBeLessThanOrEqual(Math.ceil(waitMs / 3))
      }),
    )
  })

  it('ten seconds are enough for six messages a minute and channel', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 100 }), (pauses) => {
        let [now, record] = [0, nobody]
        const sentAt: number[] = []
        const handOver = () => {
          const before = handedOver(record).length
          record = handOverDue(record, settings, now)
          const count = handedOver(record).length - before
          for (let bundle = 0; bundle < count; bundle += 1) sentAt.push(now)
          record = forget(record, handedOver(record))
        }
        for (const [index, pause] of pauses.entries()) {
          const until = now + pause
          for (let due = nextBundleAt(record); due !== undefined && due <= until; due = nextBundleAt(record)) {
            now = due
            handOver()
          }
          now = until
          record = gather(record, leaving(`alert-${index}`, { waitMs: seconds(600) }), settings, now)
          if (!isGathered(record, `alert-${index}`)) sentAt.push(now)
        }
        for (const at of sentAt)
          expect(sentAt.filter((each) => each >= at && each < at + 60_000).length).toBeLessThanOrEqual(6)
      }),
    )
  })

  it('what is owed is owed until it is forgotten, under the same names', () => {
    const record = handOverDue(after([0, leaving('a')], [1, leaving('b')]), settings, seconds(11))
    expect(ids(record)).toEqual([['contacts-bundle-b'], ['message-bundle-b']])
    expect(ids(gather(record, leaving('c'), settings, seconds(12)))[1]).toEqual(['message-bundle-b'])
    expect(ids(forget(record, handedOver(record)))).toEqual([[], []])
  })
})
